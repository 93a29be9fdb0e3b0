import type { Exchange } from '../../sandbox/exchanges';
import { record } from './recordings';
import { startSandbox, type RunningSandbox } from '../../sandbox/client';

/** A sandbox for the tests of one file; what it saw is recorded for the audit when they end. */
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

/** The last segment of each path that was asked for, in their order. */
export async function pathsAsked(sandbox: RunningSandbox): Promise<(string | undefined)[]> {
	return (await sandbox.exchanges()).map(({ path }) => path.split('/').at(-1));
}
