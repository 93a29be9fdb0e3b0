import { randomUUID } from 'crypto';
import { apis, type Api, type ApiName } from './apis';
import { ignoringDeviceRefusals, TEST_DEVICE } from './authorization';
import type { Application } from './credential/application';
import { authorizationServer, backendGrant, dialectOf, request } from './gateway';
import type { Transport } from './http';

/**
 * Checks that the operator accepts the application for the first API that it offers, without asking
 * about anybody.
 * @throws {OpenGatewayError}
 */
export async function probe(application: Application, transport: Transport): Promise<void> {
	const { grant, operator } = application;
	const api: Api<unknown, ApiName> =
		apis.find(({ name }) => operator.apis[name] !== undefined) ?? apis[0];
	const scope = application.scope(dialectOf(api, operator));
	const correlator = randomUUID();
	const server = await authorizationServer(application, transport, correlator);
	if (grant.probe) return await grant.probe(scope, server);
	const access = await backendGrant(application).obtain(TEST_DEVICE, scope, server);
	await ignoringDeviceRefusals(
		request(api, application, TEST_DEVICE, access, transport, correlator),
	);
}
