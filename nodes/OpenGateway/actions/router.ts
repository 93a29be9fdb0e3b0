import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isOwnErrorCode, nextMoves, OpenGatewayError, toItemError } from '../errors';
import { Run } from '../transport/run';
import * as authorization from './authorization';
import * as device from './device';

const resources: Record<string, Record<string, Operation>> = {
	authorization: authorization.operations,
	device: device.operations,
};

interface Operation {
	/**
	 * Reads what all items of a run have in common.
	 * @returns what answers one item
	 */
	prepare(this: IExecuteFunctions, run: Run): Promise<(itemIndex: number) => Promise<IDataObject>>;
}

/** Items under way at the same time: more than ask at once, since some wait for a line's owner. */
const MAX_ITEMS_IN_FLIGHT = 1000;

/** Runs the chosen operation for all items: one answer or one error for each, in their order. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0);
	const name = this.getNodeParameter('operation', 0);
	const operation = resources[resource]?.[name];
	if (operation === undefined) {
		throw new NodeOperationError(this.getNode(), `There is no operation "${name}" here.`);
	}

	const run = new Run(this);
	const { length } = this.getInputData();
	const answer = await operation.prepare.call(this, run).catch((error: unknown) => async () => {
		throw error;
	});
	const answerItem = async (itemIndex: number): Promise<INodeExecutionData> => {
		const json = await answer(itemIndex).catch((error: unknown) => {
			if (!this.continueOnFail() || run.signal.aborted) {
				throw toNodeError(this.getNode(), error, itemIndex);
			}
			const itemError = toItemError(error);
			run.summary.onFailure(itemError.code ?? 'unknown');
			return { error: itemError };
		});
		return { json, pairedItem: { item: itemIndex } };
	};
	try {
		const answers = await Promise.race([inOrder(length, answerItem), run.aborted]);
		const hint = run.summary.hint(length);
		if (hint) this.addExecutionHints(hint);
		return [answers];
	} finally {
		run.stop();
	}
}

/** Begins with the first, so many at a time; the results are in order, whenever each came. */
async function inOrder<Result>(
	length: number,
	work: (index: number) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	let next = 0;
	const workOn = async () => {
		while (next < length) {
			const index = next++;
			results[index] = await work(index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(MAX_ITEMS_IN_FLIGHT, length) }, workOn));
	return results;
}

/**
 * The error as the editor shows it. Nothing of its cause goes along, which may hold secrets; nor do
 * the node's parameters, which n8n logs with an error and in which a phone number may be written.
 */
function toNodeError(
	shown: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const node = { ...shown, parameters: {} };
	if (!(error instanceof OpenGatewayError)) {
		return new NodeOperationError(node, error as Error, { itemIndex });
	}
	const { message } = error;
	const { remedy, code, status, correlator, serverMessage } = error.context;
	const description = [
		remedy,
		`Next move: ${nextMoves[error.nextMove]}.`,
		status && `The operator answered HTTP ${status} ${code}.`,
		// What a device brought back from the operator's page has a code, and no status.
		!status && !isOwnErrorCode(code) && `The operator’s error code: ${code}.`,
		serverMessage && `In its words: “${serverMessage}”.`,
		correlator && `Correlator: ${correlator}.`,
	]
		.filter(Boolean)
		.join(' ');
	return status === undefined
		? new NodeOperationError(node, message, { description, itemIndex })
		: new NodeApiError(node, {}, { message, description, httpCode: String(status), itemIndex });
}
