import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';

/** The rooms from top to bottom. A room imports only itself and rooms on the levels below it. */
const LEVELS = [
	['demo', 'bench', 'test'],
	['scripts', 'localN8n', 'sandbox'],
	['node file'],
	['triggers'],
	['actions', 'methods', 'credentials'],
	['probe'],
	['subscriptions'],
	['gateway'],
	['transport'],
	['credential'],
	['operators'],
	['authorization', 'apis'],
	['credentialFields', 'device'],
	['refusal'],
	['http', 'expiringCache', 'sealing'],
	['retryAfter', 'errors', 'sent'],
	['json', 'words'],
];

/** Tests look into rooms that nothing else imports. */
const OWN_TESTS = [
	['test/demo/', 'demo/'],
	['test/bench/', 'bench/'],
] as const;

const ROOT = join(__dirname, '..');
const FOLDERS = ['bench', 'credentials', 'demo', 'localN8n', 'nodes', 'sandbox', 'scripts', 'test'];

/** The room that a file belongs to; its path is relative to the root, its ending does not matter. */
function roomOf(path: string): string {
	const [folder = '', , inPackage = ''] = path.split('/');
	if (folder !== 'nodes') return folder;
	return /\.node(\.ts)?$/.test(inPackage) ? 'node file' : inPackage.replace(/\.ts$/, '');
}

function levelOf(path: string): number {
	const level = LEVELS.findIndex((rooms) => rooms.includes(roomOf(path)));
	if (level < 0) throw new Error(`${path} is in no room of the order`);
	return level;
}

/** Whether the order lets one file import another. */
function isAllowed(from: string, to: string): boolean {
	if (roomOf(from) === roomOf(to) || levelOf(from) < levelOf(to)) return true;
	return OWN_TESTS.some(([test, tested]) => from.startsWith(test) && to.startsWith(tested));
}

/** The files of this project that a file imports, type-only imports included. */
function importsOf(file: string, text: string): string[] {
	return preProcessFile(text, true, true)
		.importedFiles.map(({ fileName }) => fileName)
		.filter((name) => name.startsWith('.') && !name.endsWith('.json'))
		.map((name) => join(dirname(file), name));
}

const files = FOLDERS.flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);

test('no import points upwards', () => {
	const imports = files.flatMap((file) =>
		importsOf(file, readFileSync(join(ROOT, file), 'utf8')).map((to) => [file, to] as const),
	);
	expect(imports.length).toBeGreaterThan(400);
	const upwards = imports.filter(([from, to]) => !isAllowed(from, to));
	expect(upwards.map(([from, to]) => `${from} → ${to}`)).toEqual([]);
});

test.each([
	['nodes/OpenGateway/device/index.ts', "import { rows } from '../operators';"],
	['nodes/OpenGateway/errors.ts', "import type { HttpRequest } from './http';"],
	['nodes/OpenGateway/transport/run.ts', "export { ask } from '../gateway';"],
	['nodes/OpenGateway/apis/roamingStatus.ts', "import '../authorization';"],
	['nodes/OpenGateway/actions/router.ts', "import { a } from '../OpenGatewayDeviceStatus.node';"],
	['credentials/OpenGatewayApi.credentials.ts', "const a = require('../sandbox/applications');"],
	['sandbox/main.ts', "const a = await import('../localN8n/n8n');"],
	['localN8n/n8n.ts', "type Row = import('../demo/table').Row;"],
	['demo/start.ts', "import { phone } from '../test/support/phone';"],
	['test/e2e/workflows.test.ts', "import { tableOf } from '../../demo/table';"],
])('an import upwards in %s is found: %s', (from, text) => {
	const [to, ...others] = importsOf(from, `// A comment\n${text}\n`);
	expect(others).toEqual([]);
	expect(isAllowed(from, to!)).toBe(false);
});

test.each([
	['test/demo/table.test.ts', "import { tableOf } from '../../demo/table';"],
	['nodes/OpenGateway/gateway.ts', "import type { Host } from './transport/host';"],
	['nodes/OpenGateway/device/index.ts', "import { field } from './field';"],
	['sandbox/main.ts', "import { operators } from '../nodes/OpenGateway/operators';"],
])('an import downwards in %s is allowed: %s', (from, text) => {
	expect(importsOf(from, text).map((to) => isAllowed(from, to))).toEqual([true]);
});

test('a room without a place in the order is found', () => {
	expect(() => isAllowed('nodes/OpenGateway/attic/index.ts', 'nodes/OpenGateway/http.ts')).toThrow(
		'is in no room',
	);
});
