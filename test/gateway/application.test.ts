import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { ciba } from '../../nodes/OpenGatewayDeviceStatus/authorization/ciba';
import { OpenGatewayError } from '../../nodes/OpenGatewayDeviceStatus/errors';
import { parseApplication } from '../../nodes/OpenGatewayDeviceStatus/gateway/application';
import { telefonica } from '../../nodes/OpenGatewayDeviceStatus/operators/telefonica';

/** The credential as it opens in the editor. */
const asItOpens = Object.fromEntries(
	new OpenGatewayApi().properties.map(({ name, default: value }) => [name, value]),
);

test('a credential works as it opens', () => {
	expect(parseApplication(asItOpens)).toEqual({
		operator: telefonica,
		baseUrl: 'https://sandbox.opengateway.telefonica.com/apigateway',
		grant: ciba,
		purpose: 'FraudPreventionAndDetection',
	});
});

test('every choice that the credential offers is known', () => {
	for (const { name, options } of new OpenGatewayApi().properties) {
		for (const option of options ?? []) {
			const value = 'value' in option ? option.value : undefined;
			expect(() => parseApplication({ ...asItOpens, [name]: value })).not.toThrow();
		}
	}
});

test('the application does not hold the secret', () => {
	const application = parseApplication({ ...asItOpens, clientSecret: 'made-up-secret' });

	expect(JSON.stringify(application)).not.toContain('made-up-secret');
});

test.each([
	['https://api.example.com', 'https://api.example.com'],
	['https://api.example.com/', 'https://api.example.com'],
	['https://api.example.com/apigateway//', 'https://api.example.com/apigateway'],
	['  https://api.example.com/apigateway\n', 'https://api.example.com/apigateway'],
	['HTTPS://API.Example.COM/ApiGateway', 'https://api.example.com/ApiGateway'],
	['https://api.example.com:8443/v1', 'https://api.example.com:8443/v1'],
	['https://api.example.com/apigateway?', 'https://api.example.com/apigateway'],
	['https://api.example.com/apigateway#', 'https://api.example.com/apigateway'],
	['http://localhost:8480/apigateway', 'http://localhost:8480/apigateway'],
	['http://127.0.0.1:8480/apigateway', 'http://127.0.0.1:8480/apigateway'],
	['http://127.0.0.53', 'http://127.0.0.53'],
	['http://[::1]:8480/', 'http://[::1]:8480'],
])('the base URL %j is taken as %s', (written, baseUrl) => {
	expect(parseApplication({ ...asItOpens, baseUrl: written }).baseUrl).toBe(baseUrl);
});

const notAWebAddress = /Base URL is not a web address.*like https:\/\/api\.example\.com/;
const notEncrypted = /Base URL is not encrypted.*Begin it with https:/;
const more = /Base URL holds more than host and path/;

test.each([
	['', notAWebAddress],
	['api.example.com', notAWebAddress],
	['https://', notAWebAddress],
	['https:/ /x', notAWebAddress],
	['ftp://api.example.com', notAWebAddress],
	['file:///etc', notAWebAddress],
	['javascript:1', notAWebAddress],
	['localhost:8480', notAWebAddress],
	[undefined, notAWebAddress],
	[null, notAWebAddress],
	[8480, notAWebAddress],
	[{}, notAWebAddress],
	['http://api.example.com', notEncrypted],
	['http://127.0.0.1.example.com', notEncrypted],
	['http://localhost.example.com', notEncrypted],
	['http://10.0.0.1', notEncrypted],
	['http://0.0.0.0', notEncrypted],
	['http://[::2]', notEncrypted],
	['https://someone@api.example.com', more],
	['https://:word@api.example.com', more],
	['https://api.example.com?key=1', more],
	['https://api.example.com#top', more],
])('the base URL %j is refused', (baseUrl, words) => {
	expect(refusal({ baseUrl })).toMatch(words);
});

test.each([
	['clientId', '', /The Client ID is missing/],
	['clientId', undefined, /The Client ID is missing/],
	['clientId', 1, /The Client ID is missing/],
	['clientSecret', '', /The Client Secret is missing.*developer portal/],
	['clientSecret', null, /The Client Secret is missing/],
	['operator', '', /The Operator is not one of: telefonica/],
	['operator', 'Telefonica', /The Operator is not one of/],
	['operator', 'constructor', /The Operator is not one of/],
	['operator', '__proto__', /The Operator is not one of/],
	['grantType', 'toString', /The Grant Type is not one of: ciba/],
	['grantType', undefined, /The Grant Type is not one of/],
	['purpose', 'Fun', /The Purpose is not a known one.*Choose it anew/],
	['purpose', undefined, /The Purpose is not a known one/],
])('a credential whose %s is %j is refused', (field, value, words) => {
	expect(refusal({ [field]: value })).toMatch(words);
});

function refusal(changes: Record<string, unknown>): string {
	try {
		parseApplication({ ...asItOpens, ...changes });
	} catch (error) {
		if (!(error instanceof OpenGatewayError)) throw error;
		expect(error.context.code).toBe('INVALID_CREDENTIAL');
		return `${error.message} ${error.context.remedy}`;
	}
	return 'It was taken.';
}
