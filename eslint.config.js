import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The arrows: each room of src/ and what it may import. Whatever is not named here is refused,
 * so the flow dataset → image → model → engine → metrics → report keeps its one direction.
 */
const rooms = {
  image: ['image'],
  metrics: ['metrics'],
  dataset: ['dataset'],
  model: ['model', 'image'],
  config: ['config', 'image', 'dataset', 'metrics', 'model'],
  store: ['store', 'metrics', 'image'],
  engine: ['engine', 'dataset', 'image', 'model', 'metrics', 'store', 'config'],
  report: ['report', 'model', 'metrics', 'image', 'store', 'dataset'],
  evaluation: ['evaluation', 'config', 'dataset', 'image', 'model', 'engine', 'store', 'metrics', 'report'],
  regression: [
    'regression',
    'evaluation',
    'report',
    'engine',
    'metrics',
    'image',
    'dataset',
    'model',
    'config',
    'store',
  ],
};
const all = [...Object.keys(rooms), 'cli'];
const zones = Object.entries(rooms).flatMap(([room, allowed]) =>
  all
    .filter((other) => !allowed.includes(other))
    .map((other) => ({
      target: `./src/${room}`,
      from: `./src/${other}`,
      message: `src/${room} may not import src/${other}: see the arrows in eslint.config.js.`,
    })),
);
const leaves = ['domain.ts', 'errors.ts'].map((file) => ({
  target: `./src/${file}`,
  from: './src',
  message: `${file} imports nothing.`,
}));

/** Foreign packages with one owner each. */
const owners = {
  sharp: 'src/image/{decode,encode,versions}.ts',
  'onnxruntime-node': 'src/model/session.ts',
  'cli-progress': 'src/cli/{progress,commands/fetch}.ts',
  'tar-stream': 'src/dataset/tar.ts',
};

export default tseslint.config(
  { ignores: ['dist/', 'wasm/', 'node_modules/', 'src/image/assembly/', 'reports/', 'demo/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
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
      'import-x/no-restricted-paths': ['error', { zones: [...zones, ...leaves] }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        ...Object.entries(owners).map(([name, file]) => ({ name, message: `Only ${file} knows ${name}.` })),
      ],
    },
  },
  { files: Object.values(owners), rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        document: 'readonly',
        window: 'readonly',
      },
    },
  },
);
