import { randomUUID } from 'crypto';
import type { AuthorizationServer } from '../authorization';
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
	application: Application,
	device: Device,
	host: Host,
): Promise<RoamingStatus> {
	const { operator, baseUrl, grant, purpose } = application;
	const server = authorizationServer(application, host);
	const token = await grant.obtain(device, operator.roamingScope(purpose), server);
	const { url, body } = operator.roamingRequest(baseUrl, device);
	const answer = await host.send(
		jsonRequest(url, body, { authorization: `Bearer ${token.value}` }, server.correlator),
	);
	if (answer.status !== 200) throw refusal(operator, answer, device);
	return readRoamingStatus(answer);
}

/** Asks whether the application may use this API at all, without asking about anybody. */
export async function probe(application: Application, host: ClientHost): Promise<void> {
	const { operator, grant, purpose } = application;
	await grant.probe(operator.roamingScope(purpose), authorizationServer(application, host));
}

type ClientHost = Pick<Host, 'sendAsClient' | 'wait'>;

/** The operator's authorization server, with a correlator for all that one question takes. */
function authorizationServer(
	{ operator, baseUrl }: Application,
	{ sendAsClient, wait }: ClientHost,
): AuthorizationServer {
	const endpoints = operator.endpoints(baseUrl);
	return { endpoints, send: sendAsClient, wait, correlator: randomUUID() };
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
