/**
 * The walls of the house. Two wings over one ground: the portal (app over components over queries and rules; on the
 * server app over azure) and the control plane, both on lib/arm. Arrows run down only.
 *
 * Type-only imports count too: a type that leaks upwards is a leak.
 */
const swc = require('@swc/core');
const { Visitor } = require('@swc/core/Visitor.js');

// TypeScript 7 has no compiler API yet, so swc parses; dependency-cruiser tells it nothing of JSX, which .tsx needs
// (and .ts must not have: there `<T>value` is a cast).
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });
// Its walker does not know "using", which declares as "const" does.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** Tests, and what only tests import. */
const TESTS = '(\\.test\\.tsx?|/conformance-[a-z]+\\.ts|/testing/.+\\.tsx?)$';

/** @param {string} name @param {string} comment @param {string | string[]} from @param {string | string[]} to @param {{ except?: string | string[], fromExcept?: string | string[] }} [exceptions] */
function wall(name, comment, from, to, { except, fromExcept } = {}) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: [TESTS, ...[fromExcept ?? []].flat()] },
    to: { path: to, ...(except ? { pathNot: except } : {}) },
  };
}

/** Inside the control plane, from the top down; a room may use those below it, and neither its own level's others nor those above. */
const LEVELS = [
  { rooms: ['main\\.ts'], may: 'everything' },
  {
    rooms: ['http/'],
    may: [
      'identity/',
      'resources/',
      'operations/',
      'metrics/',
      'alerts/',
      'logs/',
      'backup/',
      'store/',
      'gateway/',
      'mysql/',
      'ha/',
    ],
  },
  { rooms: ['identity/'], may: ['store/', 'resources/route\\.ts'] },
  {
    rooms: ['reconcilers/'],
    may: [
      'resources/',
      'operations/',
      'metrics/',
      'alerts/',
      'logs/',
      'backup/',
      'store/',
      'gateway/',
      'mysql/',
      'ha/',
    ],
  },
  {
    rooms: ['resources/'],
    may: ['operations/', 'metrics/', 'alerts/', 'logs/', 'backup/', 'store/', 'gateway/', 'mysql/', 'ha/'],
  },
  { rooms: ['operations/'], may: ['metrics/', 'alerts/', 'logs/', 'backup/', 'store/', 'gateway/', 'mysql/', 'ha/'] },
  {
    rooms: ['metrics/', 'alerts/', 'backup/', 'logs/', 'migration/'],
    may: ['metrics/', 'alerts/', 'backup/', 'logs/', 'migration/', 'store/', 'gateway/', 'mysql/', 'ha/'],
  },
  { rooms: ['ha/'], may: ['store/', 'gateway/', 'mysql/'] },
  { rooms: ['gateway/'], may: ['mysql/'] },
  { rooms: ['mysql/'], may: [] },
  { rooms: ['store/'], may: ['mysql/'] },
];
const PLANE = '^lib/control-plane/';
const insidePlane = LEVELS.filter(({ may }) => may !== 'everything').flatMap(({ rooms, may }) =>
  rooms.map((room) =>
    wall(
      `control-plane-${room.replace('/', '')}-looks-down`,
      'Inside the control plane arrows run down: main, then http, reconcilers, resources, operations, metrics and backup, then store, gateway, mysql and ha.',
      `${PLANE}${room}`,
      // Files beside the rooms (config, home, clock) are open to all of them; main.ts to none.
      `${PLANE}(?:[^/]+/|main\\.ts)`,
      { except: [room, ...may].map((name) => `${PLANE}${name}`) },
    ),
  ),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-test-code-uses-dev-dependencies',
      comment: 'The product runs on dependencies alone.',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-does-not-know-its-tests',
      comment: 'Tests, scripts and benches use the product, never the other way round.',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: TESTS },
      to: { path: ['^(e2e|bench|scripts)/', TESTS] },
    },
    wall('arm-is-the-ground', 'lib/arm rests on nothing of ours.', '^lib/arm/', '^(app|components|lib)/', {
      except: '^lib/arm/',
    }),
    wall(
      'rules-rest-on-arm',
      'Rules are pure tables over the wire contract.',
      '^lib/rules/',
      '^(app|components|lib)/',
      {
        except: ['^lib/rules/', '^lib/arm/'],
      },
    ),
    wall(
      'queries-rest-on-rules-and-arm',
      'Queries know the wire, the rules, the URLs and who is signed in; no pictures, no server.',
      '^lib/queries/',
      '^(app|components|lib)/',
      { except: ['^lib/(queries|rules|arm|auth)/', '^lib/(paths|config)\\.ts$'] },
    ),
    wall(
      'azure-rests-on-arm',
      'The ARM client is for the server side of app alone.',
      '^lib/azure/',
      '^(app|components|lib)/',
      {
        except: ['^lib/(azure|arm|auth)/', '^lib/config\\.ts$'],
      },
    ),
    wall('auth-is-low', 'Sign-in knows no screens and no resources.', '^lib/auth/', '^(app|components|lib)/', {
      except: ['^lib/(auth|arm)/', '^lib/(paths|config)\\.ts$'],
    }),
    wall(
      'components-stay-in-the-browser',
      'A component talks to queries; lib/azure holds what only the server may see.',
      '^components/',
      ['^lib/(azure|control-plane)/', '^app/'],
    ),
    wall('ui-knows-no-domain', 'components/ui would fit any product.', '^components/ui/', '^(app|components|lib)/', {
      except: '^components/ui/',
    }),
    wall(
      'portal-and-control-plane-are-apart',
      'They meet on the wire, in lib/arm and in lib/rules.',
      ['^(app|components)/', '^proxy\\.ts$', '^lib/(?!control-plane/)'],
      PLANE,
    ),
    wall(
      'control-plane-rests-on-rules-and-arm',
      'It shares nothing else with the portal.',
      PLANE,
      '^(app|components|lib)/',
      {
        except: [PLANE, '^lib/(rules|arm)/'],
      },
    ),
    ...insidePlane,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.next/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
