import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeTypes,
} from 'n8n-workflow';
import { OpenGatewayOAuth2Api } from '../../credentials/OpenGatewayOAuth2Api.credentials';
import { operators } from '../../nodes/OpenGateway/operators';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';

/** The credential as n8n's server reads it: shown and hidden fields, expressions resolved. */
function asRead(entered: INodeParameters): INodeParameters {
	const { properties } = new OpenGatewayOAuth2Api();
	const fields = NodeHelpers.getNodeParameters(properties, entered, true, false, null, null) ?? {};
	const node: INode = {
		...{ id: '1', name: 'Credential', type: 'credential', typeVersion: 1 },
		...{ position: [0, 0], parameters: {} },
	};
	const nodeTypes = {
		getByNameAndVersion: () => ({ description: { properties: [] } }),
	} as unknown as INodeTypes;
	const { expression } = new Workflow({
		...{ nodes: [node], connections: {}, active: false },
		nodeTypes,
	});
	const resolve = expression.getComplexParameterValue.bind(expression);
	return resolve(node, fields, 'internal', {}, undefined, undefined, fields) as INodeParameters;
}

/** What a person sees of the credential, by the fields' names in the form. */
function shown(entered: INodeParameters): string[] {
	const { properties } = new OpenGatewayOAuth2Api();
	const fields = NodeHelpers.getNodeParameters(properties, entered, true, true, null, null) ?? {};
	return properties
		.filter(({ type }) => type !== 'hidden')
		.filter((property) => NodeHelpers.displayParameter(fields, property, null, null))
		.map(({ displayName, type }) => (type === 'notice' ? '(notice)' : displayName));
}

const ofCamara = {
	operator: 'camara',
	camaraBaseUrl: 'https://api.example.com/camara',
	authorizationUrl: 'https://login.example.com/authorize',
	tokenUrl: 'https://login.example.com/token?tenant=1',
};

test('it is authorization code with PKCE', () => {
	expect(new OpenGatewayOAuth2Api().extends).toEqual(['oAuth2Api']);
	expect(asRead({}).grantType).toBe('pkce');
	expect(asRead(ofCamara).grantType).toBe('pkce');
});

test('it offers the operators that have this flow', () => {
	const operator = new OpenGatewayOAuth2Api().properties.find(({ name }) => name === 'operator');

	expect(operator?.options?.map((option) => 'value' in option && option.value)).toEqual([
		'telefonica',
		'camara',
	]);
});

describe('as it opens', () => {
	test('it asks Telefónica’s sandbox', () => {
		expect(asRead({})).toMatchObject({
			baseUrl: operators.telefonica.defaultBaseUrl,
			authUrl: 'https://sandbox.opengateway.telefonica.com/apigateway/authorize',
			accessTokenUrl: 'https://sandbox.opengateway.telefonica.com/apigateway/token',
			scope: 'dpv:FraudPreventionAndDetection#device-status-roaming-read',
		});
	});

	test('n8n sends the client’s secret with HTTP Basic, which is all that Telefónica takes', () => {
		for (const stored of [
			{},
			{ authentication: 'body' },
			{ clientAuthentication: 'clientSecretPost' },
		]) {
			const both = { ...stored, authentication: 'body' };
			expect(asRead(stored)).not.toHaveProperty('authentication');
			expect(asRead(both)).not.toHaveProperty('authentication');
		}
	});
});

test('n8n sends the client’s secret to another operator as the choice says', () => {
	const chosen = (clientAuthentication: string) => asRead({ ...ofCamara, clientAuthentication });

	expect(chosen('clientSecretPost')).toHaveProperty('authentication', 'body');
	expect(chosen('clientSecretBasic')).not.toHaveProperty('authentication'); // n8n: HTTP Basic
	expect(asRead({ ...ofCamara, authentication: 'body' })).not.toHaveProperty('authentication');
});

test.each([
	['https://api.example.com/apigateway'],
	['https://api.example.com/apigateway/'],
	['  https://api.example.com/apigateway// \n'],
])('the base URL %j of Telefónica leads to its endpoints', (baseUrl) => {
	expect(asRead({ telefonicaBaseUrl: baseUrl })).toMatchObject({
		authUrl: 'https://api.example.com/apigateway/authorize',
		accessTokenUrl: 'https://api.example.com/apigateway/token',
	});
});

test('another operator’s endpoints are where the credential says', () => {
	expect(asRead(ofCamara)).toMatchObject({
		baseUrl: 'https://api.example.com/camara',
		authUrl: 'https://login.example.com/authorize',
		accessTokenUrl: 'https://login.example.com/token?tenant=1',
		scope: 'openid dpv:FraudPreventionAndDetection device-roaming-status:read offline_access',
	});
	expect(asRead({ ...ofCamara, authorizationUrl: ' https://login.example.com/a/\n' }).authUrl).toBe(
		'https://login.example.com/a/',
	);
});

test.each(['http://127.0.0.1:8480/apigateway', 'http://localhost/apigateway', 'http://[::1]:1'])(
	'%s needs no TLS: nobody listens there',
	(baseUrl) => {
		expect(asRead({ telefonicaBaseUrl: baseUrl }).accessTokenUrl).toBe(`${baseUrl}/token`);
		expect(asRead({ ...ofCamara, tokenUrl: baseUrl }).accessTokenUrl).toBe(baseUrl);
	},
);

test.each([
	'http://api.example.com/apigateway',
	'HTTP://api.example.com/apigateway',
	'http://localhost.example.com',
	'http://localhost:80@example.com',
	'http://127.0.0.1.example.com/',
	'http:api.example.com',
	'ht\ntp://api.example.com',
	'ht\ttp://api.example.com',
	'\u0001http://api.example.com',
	'http:\\\\api.example.com',
	'http://localhost\t.example.com',
	'http://bücher.example',
	'api.example.com',
	'//api.example.com',
])('%s is no address: the secret would go there unencrypted', (baseUrl) => {
	for (const read of [
		asRead({ telefonicaBaseUrl: baseUrl }),
		asRead({ ...ofCamara, authorizationUrl: baseUrl, tokenUrl: baseUrl }),
	]) {
		expect(URL.canParse(read.authUrl as string)).toBe(false);
		expect(URL.canParse(read.accessTokenUrl as string)).toBe(false);
	}
});

test.each(purposes.map(({ value }) => value))('the scope carries the purpose %s', (purpose) => {
	expect(asRead({ purpose }).scope).toBe(`dpv:${purpose}#device-status-roaming-read`);
	expect(asRead({ ...ofCamara, purpose }).scope).toBe(
		`openid dpv:${purpose} device-roaming-status:read offline_access`,
	);
});

test('a scope of one’s own replaces it', () => {
	const customScope = ' openid dpv:Marketing custom:read ';
	expect(asRead({ customScope }).scope).toBe('openid dpv:Marketing custom:read');
	expect(asRead({ ...ofCamara, customScope }).scope).toBe('openid dpv:Marketing custom:read');
});

test('only an operator with an address of its own may be left without a base URL', () => {
	const required = new OpenGatewayOAuth2Api().properties
		.filter(({ displayName, type }) => displayName === 'Base URL' && type !== 'hidden')
		.map((property) => [property.displayOptions?.show?.operator, property.required]);

	expect(required).toEqual([
		[['telefonica'], false],
		[['camara'], true],
	]);
});

test('no field is shown that the choice does not use', () => {
	expect(shown({})).toEqual(['(notice)', 'Operator', 'Base URL', 'Purpose', 'Scope']);
	expect(shown(ofCamara)).toEqual([
		'(notice)',
		'Operator',
		'Base URL',
		'Authorization URL',
		'Token URL',
		'Client Authentication',
		'Purpose',
		'Scope',
	]);
	expect(shown({ customScope: 'custom:read' })).not.toContain('Purpose');
});
