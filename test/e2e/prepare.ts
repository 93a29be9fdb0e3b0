import { packNode } from '../../localN8n/package';
import { progressOn } from '../../localN8n/progress';
import { installRuntime, N8N_1_VERSION, N8N_VERSION, RUNTIME_FOLDER } from '../../localN8n/runtime';
import forgetRecordings from '../support/forgetRecordings';

/** Runs before the suites: what all of them need is made once, not by several at the same time. */
export default async function prepare(): Promise<void> {
	forgetRecordings();
	const step = progressOn(process.stderr);
	for (const version of [N8N_VERSION, N8N_1_VERSION]) {
		await installRuntime(step, RUNTIME_FOLDER, version);
	}
	await packNode(step);
}
