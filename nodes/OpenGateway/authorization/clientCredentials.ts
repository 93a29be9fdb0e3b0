import { deviceInWords } from '../device';
import type { Client } from './client';
import { tokenRequest, type BackendGrant } from './grant';

/** Client credentials (RFC 6749 section 4.4): a 2-legged token, which serves any device. */
export const clientCredentials = (client: Client): BackendGrant => ({
	flow: 'backend',
	subject: 'application',
	obtain: async (device, scope, server) =>
		await tokenRequest(
			{ grant_type: 'client_credentials', ...(scope !== '' && { scope }) },
			client,
			{ device: deviceInWords(device), subject: 'application' },
			server,
		),
});
