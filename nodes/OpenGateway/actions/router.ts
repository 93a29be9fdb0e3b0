import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import {
	nextMoves,
	OpenGatewayError,
	responseInWords,
	toItemError,
	type ItemError,
} from '../errors';
import { inOrder } from '../transport/inOrder';
import { Run } from '../transport/run';
import { asText } from '../words';
import * as authorization from './authorization';
import * as device from './device';
import * as subscription from './subscription';

const resources: Record<string, Record<string, Operation>> = {
	authorization: authorization.operations,
	device: device.operations,
	subscription: subscription.operations,
};

interface Operation {
	/**
	 * Reads what all items of a run share.
	 * @returns executes the operation for one item, whose output is one item or several
	 */
	prepare(
		this: IExecuteFunctions,
		run: Run,
	): Promise<(itemIndex: number) => Promise<IDataObject | IDataObject[]>>;
}

/** Runs the selected operation for all items: their answers or one error for each, in their order. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0);
	const name = this.getNodeParameter('operation', 0);
	const operation = resources[resource]?.[name];
	if (operation === undefined) {
		const happened = asText(`There is no operation "${name}" here.`);
		throw new NodeOperationError(this.getNode(), happened);
	}

	const run = new Run(this);
	const items = this.getInputData();
	const { length } = items;
	const prepared = await operation.prepare.call(this, run).catch((error: unknown) => async () => {
		throw error;
	});
	const execute = run.failFast.watching(prepared);
	const continues = this.continueOnFail() || isTool(this);
	const executeItem = async (itemIndex: number): Promise<INodeExecutionData[]> => {
		const answered = execute(itemIndex).then((answer): INodeExecutionData[] =>
			[answer].flat().map((json) => ({ json })),
		);
		const outputs = await answered.catch((error: unknown) => {
			if (!continues || run.signal.aborted) {
				throw toNodeError(this.getNode(), error, itemIndex);
			}
			run.summary.onFailure(summaryOf(error));
			return [failed(this.getNode(), items[itemIndex], toItemError(error))];
		});
		return outputs.map((output) => ({ ...output, pairedItem: { item: itemIndex } }));
	};
	try {
		const results = await Promise.race([inOrder(length, executeItem), run.aborted]);
		const hint = run.summary.hint(length);
		if (hint) this.addExecutionHints(hint);
		return [results.flat()];
	} finally {
		run.stop();
	}
}

/**
 * Whether an AI agent called the node: of a thrown error it would hear nothing. n8n derives another
 * type from this one for tools. A context tells it only in some versions of n8n.
 */
function isTool(
	context: Partial<Pick<IExecuteFunctions, 'isToolExecution'>> & Pick<IExecuteFunctions, 'getNode'>,
): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}

/** The item as it came in, with its error beside. n8n itself adds it for the error output. */
function failed(
	{ onError }: INode,
	item: INodeExecutionData | undefined,
	error: ItemError,
): INodeExecutionData {
	const json = { error: { ...error } };
	return onError === 'continueErrorOutput'
		? { json }
		: { ...item, json: { ...item?.json, ...json } };
}

function summaryOf(error: unknown): string {
	return error instanceof OpenGatewayError ? error.summary : 'Unknown error';
}

/**
 * The error as the editor shows it. Its cause is left out, since it may hold secrets, and so are the
 * node's parameters, which n8n logs with an error and which may hold a phone number.
 */
function toNodeError(
	shown: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const node = { ...shown, parameters: {} };
	if (!(error instanceof OpenGatewayError)) {
		// An expression that fails may have the words of whoever called the workflow in its message.
		if (error instanceof Error) error.message = asText(error.message);
		return new NodeOperationError(node, error as Error, { itemIndex });
	}
	const { message, nextMove } = error;
	const { remedy, status, correlator } = error.context;
	const description = [
		remedy,
		nextMove !== 'you' && `Who can fix this: ${nextMoves[nextMove].who}.`,
		responseInWords(error),
		correlator && `Correlator for support: ${correlator}`,
	]
		.filter(Boolean)
		.join(LINE_BREAK);
	return status === undefined
		? new NodeOperationError(node, message, { description, itemIndex })
		: new NodeApiError(node, {}, { message, description, httpCode: String(status), itemIndex });
}

/** n8n's editor renders an error's description as HTML. */
const LINE_BREAK = '<br/>';
