// Who may import whom (docs/glossary.md has the words). Seeded violations of each family: scripts/check-fixtures/layers.
/** Tests, and what only they use: fakes in testing/, pages a browser test opens in browser/. */
const TESTS = '\\.(test|spec)\\.tsx?$|/testing/|/test/|^packages/[^/]+/browser/';
const FLOORS = [['base'], ['model'], ['wire'], ['journal', 'trust'], ['machine'], ['audit']];
const protocol = (rooms) => `^packages/protocol/src/(${rooms.join('|')})/`;

/** A floor of the protocol uses the floors below it; rooms of one floor do not know each other. */
const protocolFloors = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `protocol-${room}-uses-floors-below`,
    severity: 'error',
    from: { path: protocol([room]) },
    to: {
      path: protocol([...rooms.filter((other) => other !== room), ...FLOORS.slice(floor + 1).flat(), 'none']),
      pathNot: TESTS,
    },
  })),
);

/** Source in `from` may use, of our own folders, only itself and `allowed`. */
const layer = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...extra },
  to: { path: '^(packages|apps|contracts|e2e|bench|sim|scripts)/', pathNot: [from, ...allowed] },
});

const PROTOCOL = '^packages/protocol/(src|testing|vectors)/';
const KERNELS = '^packages/kernels/';
const NODE = '^packages/node/';
const CLIENT = '^packages/client/';
const CONTRACTS = '^contracts/(src|testing)/';
/** Plain scripts that make the project runnable before anything is installed. */
const SETUP = '^scripts/(bootstrap|child|find-browser|setup-error)\\.mjs$';
const LIBRARIES = [PROTOCOL, KERNELS, NODE, CLIENT, CONTRACTS];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that does not resolve would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(url|raw|inline|worker|sharedworker)|^virtual:' },
    },
    {
      name: 'no-tests-in-source',
      severity: 'error',
      from: { pathNot: `${TESTS}|^(e2e|bench|sim|scripts)/|\\.config\\.ts$` },
      to: { path: TESTS, pathNot: 'node_modules/' },
    },
    {
      name: 'protocol-is-pure',
      comment: 'valibot and @noble only: no node:, no DOM library, nothing of ours.',
      severity: 'error',
      from: { path: '^packages/protocol/src/', pathNot: TESTS },
      to: { pathNot: '^packages/protocol/src/|node_modules/(valibot|@noble)/' },
    },
    ...protocolFloors,
    layer('kernels-use-protocol', KERNELS, [PROTOCOL]),
    layer('node-uses-protocol-and-kernels', NODE, [PROTOCOL, KERNELS]),
    layer('client-uses-no-app', CLIENT, [PROTOCOL, KERNELS, NODE, CONTRACTS, SETUP]),
    layer('contracts-use-protocol', '^contracts/', [PROTOCOL]),
    layer('relay-uses-rules-and-abi', '^apps/relay/', [PROTOCOL, KERNELS, CONTRACTS]),
    {
      name: 'relay-runs-no-kernel',
      comment: 'The relay knows what a unit is, how results agree and how to check them; it has no engine and no GPU.',
      severity: 'error',
      from: { path: '^apps/relay/', pathNot: TESTS },
      to: {
        path: '^packages/kernels/',
        pathNot: '^packages/kernels/src/(rules|manifests|kernel|worker-policy)\\.ts$|/(manifest|rules|reference)\\.ts$',
      },
    },
    {
      name: 'relay-reaches-no-engine',
      comment: 'The one WASM it may reach is that of a check.',
      severity: 'error',
      from: { path: '^apps/relay/src/', pathNot: TESTS },
      to: {
        path: '^packages/kernels/src/(engine|gpu|wasm)/',
        pathNot: '^packages/kernels/src/wasm/(instantiate|freivalds\\.wasm)\\.ts$',
        reachable: true,
      },
    },
    layer('web-imports-no-server', '^apps/web/', LIBRARIES),
    {
      name: 'web-node-has-no-ui',
      comment: 'The engine sees no wallet, no dashboard and no React.',
      severity: 'error',
      from: { path: '^apps/web/src/node/', pathNot: TESTS },
      to: {
        path: '^apps/|^packages/client/|^contracts/|node_modules/(react|react-dom|wagmi|viem|wouter|@tanstack)/',
        pathNot: '^apps/web/src/node/',
      },
    },
    {
      name: 'widget-loader-stands-alone',
      severity: 'error',
      from: { path: '^apps/web/src/widget/loader', pathNot: TESTS },
      to: { pathNot: '^apps/web/src/widget/(loader|bridge)' },
    },
    {
      name: 'widget-frame-has-no-wallet',
      severity: 'error',
      from: { path: '^apps/web/src/widget/', pathNot: TESTS },
      to: { path: '^apps/web/src/(dashboard|chain|ui)/|node_modules/(react|react-dom|wagmi|viem)/' },
    },
    layer('laboratory-runs-the-rules', '^sim/', [PROTOCOL, KERNELS]),
    layer('local-uses-no-web', '^apps/local/', [...LIBRARIES, '^apps/relay/', SETUP]),
    {
      name: 'launcher-is-imported-by-nobody',
      comment: 'Only end-to-end tests and benchmarks start apps/local; relay and web have rules of their own.',
      severity: 'error',
      from: { pathNot: '^(apps/local|e2e|bench)/' },
      to: { path: '^apps/local/' },
    },
    {
      name: 'e2e-drives-the-running-system',
      severity: 'error',
      from: { path: '^(e2e|bench)/' },
      to: { path: '^apps/(relay|web)/' },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API for dependency-cruiser; without this parser it would read no TypeScript at all.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|artifacts|cache|\\.types)/' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
