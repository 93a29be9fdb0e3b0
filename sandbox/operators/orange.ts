/** Orange: its playground, its lab, and the gateway in front of both. */
import { camara, roamingStatusOf, v06, type Version } from './camara';
import type { Operator, Refusal } from './operation';

/** Orange refuses unknown numbers as if they were forbidden. */
const version: Version = {
	...v06,
	refusals: { ...v06.refusals, unknown: [403, 'FORBIDDEN'] },
};

/** The gateway's own codes, which are numbers. */
const GATEWAY_CODES: Readonly<Record<string, { code: number; message: string }>> = {
	INVALID_CREDENTIALS: { code: 41, message: 'Invalid credentials' },
};

function errorBody({ status, code, message }: Refusal): object {
	const ofGateway = GATEWAY_CODES[code];
	return ofGateway ? { ...ofGateway, description: message } : { status, code, message };
}

export const orange = {
	path: '/orange/playground',
	authorizationPath: '/orange/playground/openidconnect',
	authorization: {
		...camara.authorization,
		discovery: false,
		clientCredentials: 'withoutScope',
		signingAlgorithms: ['RS256'],
		fixedToken: 'mock_orange_access_token',
	},
	codes: { ...camara.codes, unauthenticated: 'INVALID_CREDENTIALS' },
	errorBody,
	unknownPath: () => ({
		status: 400,
		body: { status: 400, code: 'BAD_REQUEST', message: 'There is no such resource' },
	}),
	apis: { roamingStatus: roamingStatusOf('v0.6', version) },
} satisfies Operator;

export const orangeLab = {
	...orange,
	path: '/orange/lab',
	authorizationPath: '/orange/lab/oauth',
	authorization: { ...orange.authorization, writesNumbersAsText: true },
	apis: { roamingStatus: roamingStatusOf('v0', version) },
} satisfies Operator;
