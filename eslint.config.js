import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Foreign packages with one owner each. */
const owners = {
  sharp: 'packages/pixels/src/{decode/jpeg,encode,sharp,versions}.ts',
  'onnxruntime-node': 'src/runtime/onnxruntime/*.ts',
  'cli-progress': 'src/cli/{live-lines,count-view}.ts',
  'tar-stream': 'src/dataset/tar.ts',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/wasm/',
      'node_modules/',
      'packages/pixels/assembly/**/*.ts',
      'reports/',
      'demo/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        ...Object.entries(owners).map(([name, file]) => ({ name, message: `Only ${file} knows ${name}.` })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: "Write `import * as z from 'zod'`: the other brings its forty languages into every start.",
        },
      ],
    },
  },
  { files: Object.values(owners), rules: { 'no-restricted-imports': 'off' } },
  {
    // The page's code is of the same program, so its globals are known everywhere: only the page may use them.
    files: ['src/**/*.ts', 'packages/*/src/**/*.ts'],
    ignores: ['src/page/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'document',
        'window',
        'localStorage',
        'location',
        'history',
        'navigator',
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'packages/*/{test,fuzz,bench}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        document: 'readonly',
        window: 'readonly',
      },
    },
  },
);
