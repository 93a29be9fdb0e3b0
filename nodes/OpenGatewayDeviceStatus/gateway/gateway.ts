import { randomUUID } from 'crypto';
import { maskedDevice, type Device } from '../device';
import type { OpenGatewayError } from '../errors';
import { jsonRequest, serverError, unexpectedAnswer, type HttpAnswer } from '../http';
import type { Operator } from '../operators';
import { readRoamingStatus, type RoamingStatus } from '../roaming';
import type { Application } from './application';
import type { Host } from './host';

/**
 * Asks the operator whether one device is roaming, with a token made for that device alone.
 * @throws {OpenGatewayError}
 */
export async function checkRoaming(
	{ operator, baseUrl, grant, purpose }: Application,
	device: Device,
	host: Host,
): Promise<RoamingStatus> {
	const correlator = randomUUID();
	const token = await grant.obtain(device, operator.roamingScope(purpose), {
		endpoints: operator.endpoints(baseUrl),
		send: host.sendAsClient,
		wait: host.wait,
		correlator,
	});
	const { url, body } = operator.roamingRequest(baseUrl, device);
	const answer = await host.send(
		jsonRequest(url, body, { authorization: `Bearer ${token.value}` }, correlator),
	);
	if (answer.status !== 200) throw refusal(operator, answer, device);
	return readRoamingStatus(answer);
}

/** Asks whether the application may use this API at all, without asking about anybody. */
export async function probe(
	{ operator, baseUrl, grant, purpose }: Application,
	host: Pick<Host, 'sendAsClient' | 'wait'>,
): Promise<void> {
	await grant.probe(operator.roamingScope(purpose), {
		endpoints: operator.endpoints(baseUrl),
		send: host.sendAsClient,
		wait: host.wait,
		correlator: randomUUID(),
	});
}

function refusal(operator: Operator, answer: HttpAnswer, device: Device): OpenGatewayError {
	const error = operator.readError(answer);
	if (error === undefined) {
		return unexpectedAnswer(answer, `HTTP ${answer.status} without an error code`);
	}
	const meaning = Object.hasOwn(operator.errors, error.code)
		? operator.errors[error.code]
		: undefined;
	return serverError(answer, meaning ?? unknownRefusal, { ...error, device: maskedDevice(device) });
}

const unknownRefusal = {
	happened: 'The operator refused to answer about {device}.',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};
