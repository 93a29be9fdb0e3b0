import type { Exchange } from '../../sandbox/exchanges';
import { record } from './recordings';
import { startSandbox, type RunningSandbox } from '../../sandbox/client';

/** A sandbox for the tests of one file; its exchanges are recorded for the audit. */
export function sandboxForSuite(): RunningSandbox {
	let sandbox: RunningSandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
		const applications = Object.values(await sandbox.applications());
		const pems = applications.flatMap(({ privateKeys }) => Object.values(privateKeys ?? {}));
		record({ kind: 'privateKeys', pems });
	});
	afterEach(async () => {
		const exchanges = await sandbox.exchanges().catch((): Exchange[] => []);
		record({ kind: 'exchanges', exchanges });
		await sandbox.forget().catch(() => undefined);
	});
	afterAll(async () => await sandbox.stop());
	return new Proxy({} as RunningSandbox, {
		get: (_, property) => sandbox[property as keyof RunningSandbox],
	});
}

/** The last segment of the path of each request, in their order. */
export async function pathsAsked(sandbox: RunningSandbox): Promise<(string | undefined)[]> {
	return (await sandbox.exchanges()).map(({ path }) => path.split('/').at(-1));
}
