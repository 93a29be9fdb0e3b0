import { NodeOperationError, type INode } from 'n8n-workflow';
import { OpenGatewayError, responseInWords } from '../errors';
import { asText } from '../words';

/**
 * The error as n8n shows it to whoever publishes: of some versions, the message alone. The node's
 * parameters are left out, which n8n logs and which hold phone numbers; so is the error's cause.
 */
export function toTriggerError(shown: INode, error: unknown): NodeOperationError {
	const node = { ...shown, parameters: {} };
	if (error instanceof NodeOperationError) return error;
	return new NodeOperationError(node, inWords(error));
}

/** What happened, what to do, and what an operator's support asks for. */
export function inWords(error: unknown): string {
	if (!(error instanceof OpenGatewayError)) {
		return error instanceof Error ? asText(error.message) : 'Unknown error';
	}
	const { remedy, correlator } = error.context;
	const response = responseInWords(error);
	const support = response && correlator && `Correlator for support: ${correlator}`;
	return [error.message, remedy, response, support].filter(Boolean).join(' ');
}
