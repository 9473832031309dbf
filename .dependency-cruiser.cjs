/**
 * The arrows: each room of src/ and what it may import. Whatever is not named here is refused,
 * so the flow dataset → model → runtime → engine → metrics → report keeps its one direction. Pixels are a package of
 * their own, which knows nothing of src/; the rooms that need none don't import it.
 */
const rooms = {
  metrics: [],
  page: [],
  record: [],
  yaml: [],
  prepared: [],
  dataset: ['yaml', 'prepared'],
  model: ['dataset', 'yaml', 'record'],
  runtime: ['model', 'record'],
  config: ['yaml', 'dataset', 'metrics', 'model', 'record', 'runtime'],
  store: ['metrics', 'record'],
  engine: ['prepared', 'dataset', 'runtime', 'metrics', 'store', 'record'],
  report: ['metrics', 'store', 'record', 'page'],
  jobs: [
    'prepared',
    'yaml',
    'config',
    'dataset',
    'model',
    'runtime',
    'engine',
    'store',
    'metrics',
    'record',
    'report',
    'page',
  ],
};

const arrows = Object.entries(rooms).map(([room, allowed]) => ({
  name: `arrows-of-${room}`,
  comment: `src/${room} may import only: ${['itself', ...allowed].join(', ')}, domain, errors.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/[^/]+/', pathNot: `^src/(${['domain', room, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'every-file-in-a-room',
      comment: 'src/ holds rooms; index.ts, what the package is called by from code, is its only loose file.',
      severity: 'error',
      from: { path: '^src/[^/]+$', pathNot: '^src/index\\.ts$' },
      to: {},
    },
    {
      name: 'arrows-of-index',
      comment: 'The API is the same jobs as the commands, without a terminal; no room knows it.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nobody-imports-a-loose-file',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/[^/]+$' },
    },
    {
      name: 'leaves',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^src/', pathNot: '^src/domain/' },
    },
    {
      name: 'pixels-alone',
      comment: 'packages/pixels is useful without the evaluator.',
      severity: 'error',
      from: { path: '^packages/pixels/src/' },
      to: { path: '^(src|test|bench)/' },
    },
    {
      name: 'no-pixels',
      severity: 'error',
      from: { path: '^src/(metrics|dataset)/' },
      to: { path: '(^packages/pixels/|^reference-pixels/)' },
    },
    { name: 'no-cycle', severity: 'error', from: { path: '^(src|packages)/' }, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
