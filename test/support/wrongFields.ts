import { generateKeyPairSync } from 'node:crypto';
import { displayParameter, type ICredentialDataDecryptedObject, type INode } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { grantTypes, type GrantType } from '../../nodes/OpenGateway/authorization';
import type { RunningSandbox } from '../../sandbox/client';
import { operatorOf, type Combination } from './combinations';
import { credentialAt } from './credential';

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const pem = { format: 'pem', type: 'pkcs8' } as const;
export const OTHER_KEY = String(rsa.privateKey.export(pem));

/** What the credential's test never says: its reader entered no device, and sees no correlator. */
export const UNREADABLE = /correlator|192\.0|\+99|99999|undefined|null/;

/** The credentials of a combination: with a Discovery URL and with the endpoints, where both can be. */
export async function credentialsOf(
	sandbox: RunningSandbox,
	combination: Combination,
): Promise<[name: string, data: ICredentialDataDecryptedObject][]> {
	const data = await credentialAt(sandbox, combination);
	if (!('discoveryUrl' in shownFields(data))) return [['', data]];
	const { baseUrl } = data;
	const endpoints = {
		discoveryUrl: '',
		tokenUrl: `${String(baseUrl)}/token`,
		authorizationUrl: `${String(baseUrl)}/authorize`,
		backchannelAuthorizationUrl: `${String(baseUrl)}/bc-authorize`,
	};
	return [
		['discovered', data],
		['typed in', { ...data, ...endpoints }],
	];
}

/**
 * The field with the same path at a host where no server is.
 * @param gone origin of that host
 */
export const fieldGone = (
	data: ICredentialDataDecryptedObject,
	field: string,
	gone: string,
): Record<string, string> => ({
	[field]: gone + new URL(String(data[field] || gone)).pathname,
});

/** By their names, the fields with a value that is wrong. */
export const wrongFields = (
	data: ICredentialDataDecryptedObject,
	combination: Combination,
): Record<string, string> => ({
	clientId: 'wrong',
	clientSecret: 'wrong',
	privateKey: OTHER_KEY,
	keyId: 'wrong',
	accessToken: 'wrong',
	apiKey: 'wrong',
	scope: wrongScope(combination),
	discoveryUrl: `${String(data.baseUrl)}/nowhere`,
	...Object.fromEntries(
		['tokenUrl', 'authorizationUrl', 'backchannelAuthorizationUrl', 'authorizationBaseUrl'].map(
			(field) => [field, `${String(data[field] || data.baseUrl)}/nowhere`],
		),
	),
	baseUrl: `${String(data.baseUrl)}/nowhere`,
});

/** Of the operator's form, for an API that does not exist. */
function wrongScope(combination: Combination): string {
	const { openId }: GrantType = grantTypes[combination.authorizationGrant];
	const dialect = operatorOf(combination).apis.roamingStatus;
	const scope = dialect?.scope('FraudPreventionAndDetection', openId === true) ?? '';
	return scope.replace(/[\w:-]+$/, 'wrong');
}

const { properties } = new OpenGatewayApi();

/** The fields that the form shows with these values, by name, as it calls them. */
export const shownFields = (data: ICredentialDataDecryptedObject): Record<string, string> =>
	Object.fromEntries(
		properties
			.filter(
				(property) =>
					property.type !== 'hidden' &&
					displayParameter(data as never, property, null as never as INode, null),
			)
			.map(({ name, displayName }) => [name, displayName]),
	);

export const isFrontend = ({ authorizationGrant }: Combination) =>
	authorizationGrant === 'authorizationCode';

/** Whether a wrong value makes no difference before a phone signs in, or never does. */
export const isHarmless = (field: string, combination: Combination) =>
	(field === 'scope' && isFrontend(combination)) ||
	(field === 'keyId' && combination.authorizationGrant === 'applicationJwt');
