import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isOwnErrorCode, nextMoves, OpenGatewayError, toItemError } from '../errors';
import * as authorization from './authorization';
import * as device from './device';

const resources: Record<string, Record<string, Operation>> = {
	authorization: authorization.operations,
	device: device.operations,
};

interface Operation {
	execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject>;
}

/** Runs the chosen operation for each item: one answer or one error for each, in their order. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = this.getNodeParameter('resource', 0);
	const name = this.getNodeParameter('operation', 0);
	const operation = resources[resource]?.[name];
	if (operation === undefined) {
		throw new NodeOperationError(this.getNode(), `There is no operation "${name}" here.`);
	}

	const answers: INodeExecutionData[] = [];
	for (const itemIndex of this.getInputData().keys()) {
		const json = await operation.execute.call(this, itemIndex).catch((error: unknown) => {
			if (!this.continueOnFail() || this.getExecutionCancelSignal()?.aborted) {
				throw toNodeError(this.getNode(), error, itemIndex);
			}
			return { error: toItemError(error) };
		});
		answers.push({ json, pairedItem: { item: itemIndex } });
	}
	return [answers];
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
