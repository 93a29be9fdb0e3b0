import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodeParameters,
	type INodeTypes,
} from 'n8n-workflow';
import { OpenGatewayOAuth2Api } from '../../credentials/OpenGatewayOAuth2Api.credentials';
import { operators, withChoice } from '../../nodes/OpenGateway/operators';
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

/** The labels of the fields that the form shows. */
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

test('it offers the operators that have this flow', () => {
	const operator = new OpenGatewayOAuth2Api().properties.find(({ name }) => name === 'operator');
	const offered = operator?.options?.map((option) => 'value' in option && option.value);
	expect(offered).toEqual(['telefonica', 'orange', 'camara']);
});

test('as it opens, it is authorization code with PKCE at Telefónica’s sandbox', () => {
	expect(new OpenGatewayOAuth2Api().extends).toEqual(['oAuth2Api']);
	expect(asRead({})).toMatchObject({
		grantType: 'pkce',
		baseUrl: operators.telefonica.defaultBaseUrl,
		authUrl: 'https://sandbox.opengateway.telefonica.com/apigateway/authorize',
		accessTokenUrl: 'https://sandbox.opengateway.telefonica.com/apigateway/token',
		scope: 'dpv:FraudPreventionAndDetection#device-status-roaming-read',
	});
});

test('n8n sends the client’s secret with HTTP Basic, unless the operator offers the body and it is selected', () => {
	const selected = { clientAuthentication: 'clientSecretPost' };
	expect(asRead({ ...ofCamara, ...selected })).toHaveProperty('authentication', 'body');
	for (const withHttpBasic of [
		{},
		{ ...selected, authentication: 'body' },
		{ ...ofCamara, authentication: 'body' },
		{ ...ofCamara, clientAuthentication: 'clientSecretBasic' },
	]) {
		expect(asRead(withHttpBasic)).not.toHaveProperty('authentication');
	}
});

test('the base URL of Telefónica leads to its endpoints', () => {
	const telefonicaBaseUrl = '  https://api.example.com/apigateway// \n';
	expect(asRead({ telefonicaBaseUrl })).toMatchObject({
		authUrl: 'https://api.example.com/apigateway/authorize',
		accessTokenUrl: 'https://api.example.com/apigateway/token',
	});
});

test.each(['', '/', '/token', '/device-status/v0/roaming', '/device-roaming-status/v1/'])(
	'an operator’s authorization server may have an address of its own, also with %j behind it',
	(pasted) => {
		const authorizationBaseUrl = `https://auth.example.com/a${pasted}`;
		for (const operator of ['telefonica', 'orange']) {
			expect(asRead({ operator, authorizationBaseUrl })).toMatchObject({
				baseUrl: withChoice(operators[operator as 'orange'], '').defaultBaseUrl,
				authUrl: 'https://auth.example.com/a/authorize',
				accessTokenUrl: 'https://auth.example.com/a/token',
			});
		}
		const telefonicaBaseUrl = `https://api.example.com/apigateway${pasted}`;
		expect(asRead({ telefonicaBaseUrl })).toMatchObject({
			authUrl: 'https://api.example.com/apigateway/authorize',
			accessTokenUrl: 'https://api.example.com/apigateway/token',
		});
	},
);

test('an address of more than 2,000 characters is none', () => {
	const ofLength = (length: number) => 'https://a.example/'.padEnd(length, 'a');
	for (const [length, isRead] of [
		[2000, true],
		[2001, false],
	] as const) {
		const address = ofLength(length);
		const read = asRead({ ...ofCamara, authorizationUrl: address, tokenUrl: address });
		expect(read).toMatchObject({
			authUrl: isRead ? address : '',
			accessTokenUrl: isRead ? address : '',
		});
		const { accessTokenUrl } = asRead({ telefonicaBaseUrl: address });
		expect(accessTokenUrl).toBe(isRead ? `${address}/token` : '/token');
	}
});

test('Orange’s endpoints are those of its playground', () => {
	expect(asRead({ operator: 'orange' })).toMatchObject({
		baseUrl: 'https://api.orange.com/camara/playground/api',
		authUrl: 'https://api.orange.com/openidconnect/playground/v1.0/authorize',
		accessTokenUrl: 'https://api.orange.com/openidconnect/playground/v1.0/token',
		scope: 'openid dpv:FraudPreventionAndDetection device-roaming-status:read',
	});
});

test.each([
	['v1', 'device-roaming-status:read'],
	['v0.6', 'device-roaming-status:read'],
	['v0.5', 'device-status:roaming:read'],
	['v0', 'device-roaming-status:read'],
])('the scope is that of the API’s version %s', (apiVersion, scope) => {
	expect(asRead({ ...ofCamara, apiVersion, purpose: 'Marketing' }).scope).toBe(
		`openid dpv:Marketing ${scope} offline_access`,
	);
});

test('another operator’s endpoints are those of the credential', () => {
	const authorizationUrl = ' https://login.example.com/a/\n';
	expect(asRead({ ...ofCamara, authorizationUrl })).toMatchObject({
		grantType: 'pkce',
		baseUrl: 'https://api.example.com/camara',
		authUrl: 'https://login.example.com/a/',
		accessTokenUrl: 'https://login.example.com/token?tenant=1',
	});
});

test.each(['http://127.0.0.1:8480/apigateway', 'http://localhost/apigateway', 'http://[::1]:1'])(
	'%s needs no TLS: the request stays on this machine',
	(baseUrl) => {
		expect(asRead({ telefonicaBaseUrl: baseUrl }).accessTokenUrl).toBe(`${baseUrl}/token`);
		expect(asRead({ ...ofCamara, tokenUrl: baseUrl }).accessTokenUrl).toBe(baseUrl);
	},
);

test.each([
	'http://api.example.com/apigateway',
	'http://localhost.example.com',
	'http://localhost:80@example.com',
	'http:api.example.com',
	'ht\ttp://api.example.com',
	'http://localhost\t.example.com',
	'api.example.com',
])('%j is not used: the secret would be sent there unencrypted', (baseUrl) => {
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

test('the scope of the credential replaces it', () => {
	const customScope = ' openid dpv:Marketing custom:read ';
	expect(asRead({ ...ofCamara, customScope }).scope).toBe('openid dpv:Marketing custom:read');
});

test('a base URL is required unless the operator has a default', () => {
	const required = new OpenGatewayOAuth2Api().properties
		.filter(({ displayName, type }) => displayName === 'Base URL' && type !== 'hidden')
		.map((property) => [property.displayOptions?.show?.operator, property.required]);
	expect(required).toEqual([
		[['telefonica'], false],
		[['orange'], false],
		[['camara'], true],
	]);
});

test('the form shows only the fields that the choices need', () => {
	const ofOneAddress = ['Base URL', 'Authorization Base URL', 'Purpose', 'Scope'];
	expect(shown({})).toEqual(['(notice)', 'Operator', ...ofOneAddress]);
	// Its lab has no sign-in, and nothing is left to choose.
	expect(shown({ operator: 'orange' })).toEqual(['(notice)', 'Operator', ...ofOneAddress]);
	expect(shown(ofCamara)).toEqual([
		...['(notice)', 'Operator', 'API Version', 'Base URL', 'Authorization URL', 'Token URL'],
		...['Client Authentication', 'Purpose', 'Scope'],
	]);
	expect(shown({ customScope: 'custom:read' })).not.toContain('Purpose');
});
