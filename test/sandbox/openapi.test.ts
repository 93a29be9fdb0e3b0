import { openApiDocumentsPresent, openApiFindings } from '../support/openapi';

const application = `Basic ${Buffer.from('app%3Aid:s%2Bcret').toString('base64')}`;
const json = { 'content-type': 'application/json; charset=utf-8' };
const FORM_ENCODED = 'application/x-www-form-urlencoded';

const authorize = {
	method: 'POST',
	path: '/apigateway/bc-authorize',
	headers: { authorization: application, 'content-type': FORM_ENCODED },
	body: 'login_hint=tel%3A%2B34600000001&scope=dpv%3AFraudPreventionAndDetection%23device-status-roaming-read',
	status: 200,
	answerHeaders: json,
	answer: '{"auth_req_id":"1","expires_in":120,"interval":1}',
};
const poll = {
	...authorize,
	path: '/apigateway/token',
	body: 'grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=1',
	answer: '{"access_token":"1","token_type":"Bearer","expires_in":3600}',
};
const roaming = {
	...authorize,
	path: '/apigateway/device-status/v0/roaming',
	headers: { authorization: 'Bearer abc', 'content-type': 'application/json' },
	body: '{"ueId":{"msisdn":"+34600000001"}}',
	answer: '{"roaming":true,"countryCode":901,"countryName":[]}',
};
const frontend = {
	...authorize,
	method: 'GET',
	path: '/apigateway/authorize?response_type=code&client_id=1&scope=dpv%3AMarketing%23device-status-roaming-read&redirect_uri=https%3A%2F%2Fn8n.example%2Fcallback&state=1',
	headers: {},
	body: '',
	status: 302,
	answerHeaders: {},
	answer: '',
};

const inForm = { 'content-type': FORM_ENCODED };
const BY_SECRET = 'client_id=app&client_secret=secret';
const BY_ASSERTION =
	'client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=e30.e30.c2ln';
const camaraAuthorize = {
	...authorize,
	path: '/camara/bc-authorize',
	body: 'login_hint=tel%3A%2B34600000001&scope=openid+dpv%3AFraudPreventionAndDetection+device-roaming-status%3Aread',
};
const ownToken = {
	...poll,
	path: '/camara/token',
	body: 'grant_type=client_credentials&scope=dpv%3AMarketing+device-roaming-status%3Aread',
};
const jwtBearer = {
	...poll,
	path: '/camara/token',
	headers: inForm,
	body: 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=e30.e30.c2ln',
};
const codeExchange = {
	...poll,
	body: `grant_type=authorization_code&code=1&redirect_uri=http%3A%2F%2F127.0.0.1%2F&code_verifier=${'v'.repeat(43)}`,
};
const refresh = { ...poll, body: 'grant_type=refresh_token&refresh_token=1' };
const retrieve = {
	...authorize,
	path: '/camara/device-roaming-status/v1/retrieve',
	headers: { authorization: 'Bearer abc', 'content-type': 'application/json' },
	body: '{}',
	answer: '{"roaming":false,"lastStatusTime":"2026-01-01T00:00:00.000Z"}',
};
const nokia = {
	...retrieve,
	path: '/nokia/device-status/device-roaming-status/v1/retrieve',
	headers: { ...json, 'x-rapidapi-key': 'key', 'x-rapidapi-host': 'host' },
	body: '{"device":{"phoneNumber":"+34600000001"}}',
};
const correlated = { ...retrieve, headers: { ...retrieve.headers, 'x-correlator': 'one' } };

type Spoilt = [string, object, string];
const device = (of: object) => ({ ...retrieve, body: JSON.stringify({ device: of }) });
const ue = (body: object) => ({ ...roaming, body: JSON.stringify(body) });

(openApiDocumentsPresent ? describe : describe.skip)(
	"An exchange, by the operator's OpenAPI documents,",
	() => {
		test.each([
			['an authorization request', authorize],
			['a poll', poll],
			[
				'a poll that is pending',
				{ ...poll, status: 400, answer: '{"error":"authorization_pending"}' },
			],
			['a request for roaming', roaming],
			['an unavailable network', { ...roaming, status: 503, answer: '{"code":"A","message":"b"}' }],
			['a redirect of the frontend flow', frontend],
			['a port', ue({ ueId: { ipv4Addr: '80.90.34.2' }, uePort: 0 })],
			[
				'addresses with a mask',
				ue({ ueId: { ipv4Addr: '1.2.3.4/24', ipv6Addr: '2001:db8::/64' } }),
			],
			[
				'a hint with a port',
				{ ...authorize, body: authorize.body.replace(/tel.*01/, 'ipport%3A1.2.3.4%3A5') },
			],
			[
				'a secret in the form',
				{ ...authorize, headers: inForm, body: `${authorize.body}&${BY_SECRET}` },
			],
			['a client assertion', { ...poll, headers: inForm, body: `${poll.body}&${BY_ASSERTION}` }],
			["CAMARA's scope", camaraAuthorize],
			['client credentials', ownToken],
			['JWT bearer', jwtBearer],
			['a code with its verifier', codeExchange],
			['a refresh token', refresh],
			[
				'a challenge',
				{
					...frontend,
					path: `${frontend.path}&code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`,
				},
			],
			['a 3-legged request', retrieve],
			['a 2-legged request', device({ phoneNumber: '+34600000001' })],
			[
				'an IPv4 address and port',
				device({ ipv4Address: { publicAddress: '84.125.93.1', publicPort: 59765 } }),
			],
			[
				"CAMARA's error",
				{
					...retrieve,
					status: 422,
					answer: '{"status":422,"code":"MISSING_IDENTIFIER","message":"a"}',
				},
			],
			[
				'a correlator that comes back',
				{ ...correlated, answerHeaders: { ...json, 'x-correlator': 'one' } },
			],
			["a request of Nokia's", nokia],
			["RapidAPI's error", { ...nokia, status: 401, answer: '{"message":"Invalid API key."}' }],
			[
				"CAMARA's error of Nokia",
				{
					...nokia,
					status: 404,
					answer: '{"status":404,"code":"IDENTIFIER_NOT_FOUND","message":"a"}',
				},
			],
			['discovery', { ...frontend, path: '/camara/.well-known/openid-configuration', status: 200 }],
			['a page', { ...frontend, path: '/camara/interaction/a-1', status: 200, answer: '<p>' }],
		])('is valid: %s', (_what, exchange) => {
			expect(openApiFindings(exchange)).toEqual([]);
		});

		test.each<Spoilt>([
			['an unknown path', { ...roaming, path: '/apigateway/roaming' }, 'no document knows'],
			['another method', { ...roaming, method: 'GET' }, 'no document knows'],
			[
				'no client authentication',
				{ ...poll, headers: { 'content-type': FORM_ENCODED } },
				'0 ways',
			],
			[
				'a raw percent sign in the secret',
				{
					...poll,
					headers: {
						...poll.headers,
						authorization: `Basic ${Buffer.from('a:b%').toString('base64')}`,
					},
				},
				'form-encoded Basic',
			],
			['no token', { ...roaming, headers: json }, 'Bearer'],
			['JSON for a form', { ...poll, headers: { ...poll.headers, ...json } }, 'content type'],
			[
				'a form for JSON',
				{ ...roaming, headers: { ...poll.headers, authorization: 'Bearer a' } },
				'content type',
			],
			['no login hint', { ...authorize, body: authorize.body.replace(/^.*&/, '') }, 'login_hint'],
			['no scope', { ...authorize, body: authorize.body.replace(/&.*$/, '') }, 'scope'],
			[
				'a plus that was not encoded',
				{ ...authorize, body: authorize.body.replace('%2B', '+') },
				'login_hint',
			],
			[
				'a scope without a purpose',
				{ ...authorize, body: authorize.body.replace('dpv%3A', '') },
				'scope',
			],
			['a parameter twice', { ...authorize, body: `${authorize.body}&scope=x` }, 'twice'],
			[
				'a parameter that is not documented',
				{ ...authorize, body: `${authorize.body}&line=1` },
				'(line)',
			],
			['a form with a space', { ...authorize, body: `${authorize.body} ` }, 'not form-encoded'],
			[
				'a secret in the form too',
				{ ...poll, body: `${poll.body}&client_id=1&client_secret=1` },
				'2 ways',
			],
			['an empty poll', { ...poll, body: '' }, 'grant_type'],
			[
				'a poll without auth_req_id',
				{ ...poll, body: poll.body.replace(/&.*$/, '') },
				'auth_req_id',
			],
			[
				'another grant type',
				{ ...poll, body: poll.body.replace('ciba', 'password') },
				'grant_type',
			],
			['no ueId', ue({}), 'ueId'],
			['an empty ueId', ue({ ueId: {} }), 'fewer than 1'],
			['an unknown identifier', ue({ ueId: { phoneNumber: '+34600000001' } }), 'phoneNumber'],
			['an unknown property', ue({ ueId: { msisdn: '12345' }, device: {} }), 'device'],
			['a number as a number', ue({ ueId: { msisdn: 34600000001 } }), 'msisdn must be string'],
			['a number with spaces', ue({ ueId: { msisdn: '+34 600000001' } }), 'msisdn must match'],
			['an address out of range', ue({ ueId: { ipv4Addr: '256.1.1.1' } }), 'ipv4Addr must match'],
			[
				'an address in upper case',
				ue({ ueId: { ipv6Addr: '2001:DB8::1' } }),
				'ipv6Addr must match',
			],
			['a port as text', ue({ ueId: { ipv4Addr: '1.2.3.4' }, uePort: '5' }), 'uePort'],
			['a port out of range', ue({ ueId: { ipv4Addr: '1.2.3.4' }, uePort: 65536 }), 'uePort'],
			['broken JSON', { ...roaming, body: '{' }, 'not JSON'],
			[
				'no response type',
				{ ...frontend, path: frontend.path.replace(/response_type=code&/, '') },
				'response_type',
			],
			['an unknown query', { ...frontend, path: `${frontend.path}&line=1` }, 'line'],
			[
				'a JWT for a secret',
				{ ...jwtBearer, body: jwtBearer.body.replace('e30.', '') },
				'assertion',
			],
			[
				'a client that authenticates beside its assertion',
				{ ...jwtBearer, headers: { ...jwtBearer.headers, authorization: application } },
				'beside',
			],
			['a scope beside an assertion', { ...jwtBearer, body: `${jwtBearer.body}&scope=a` }, 'scope'],
			[
				'a client assertion without its type',
				{ ...poll, headers: inForm, body: `${poll.body}&client_assertion=e30.e30.c2ln` },
				'client_assertion_type',
			],
			[
				'a secret without an id',
				{ ...poll, headers: inForm, body: `${poll.body}&client_secret=1` },
				'client_id',
			],
			[
				'client credentials for Telefónica',
				{ ...ownToken, path: '/apigateway/token' },
				'grant_type',
			],
			[
				'client credentials without a scope',
				{ ...ownToken, body: 'grant_type=client_credentials' },
				'scope',
			],
			[
				'two purposes',
				{ ...ownToken, body: `${ownToken.body}+dpv%3AFraudPreventionAndDetection` },
				'scope',
			],
			[
				"CAMARA's scope without openid",
				{ ...camaraAuthorize, body: camaraAuthorize.body.replace('openid+', '') },
				'scope',
			],
			["Telefónica's scope for CAMARA", { ...authorize, path: '/camara/bc-authorize' }, 'scope'],
			[
				'a verifier of 42 characters',
				{ ...codeExchange, body: codeExchange.body.slice(0, -1) },
				'code_verifier',
			],
			[
				'the plain challenge method',
				{ ...frontend, path: `${frontend.path}&code_challenge_method=plain` },
				'code_challenge_method',
			],
			['a number without a plus', device({ phoneNumber: '34600000001' }), 'phoneNumber'],
			['an empty device', device({}), 'fewer than 1'],
			["Telefónica's identifier for CAMARA", device({ msisdn: '+34600000001' }), 'msisdn'],
			[
				'an IPv4 address alone',
				device({ ipv4Address: { publicAddress: '84.125.93.1' } }),
				'publicPort',
			],
			['a mask', device({ ipv6Address: '2001:db8::/64' }), 'ipv6Address'],
			['no API key', { ...nokia, headers: json }, 'RapidAPI'],
			[
				'a correlator with a space',
				{ ...retrieve, headers: { ...retrieve.headers, 'x-correlator': 'a b' } },
				'x-correlator',
			],
			['a body where none belongs', { ...frontend, body: 'a=b' }, 'has a body'],

			['a status nobody documented', { ...roaming, status: 418 }, '418'],
			[
				'an answer in HTML',
				{ ...roaming, answerHeaders: { 'content-type': 'text/html' } },
				'content type',
			],
			['an answer that is no JSON', { ...roaming, answer: '<html>' }, 'not JSON'],
			['an answer without roaming', { ...roaming, answer: '{}' }, 'roaming'],
			[
				'a country code as text',
				{ ...roaming, answer: '{"roaming":true,"countryCode":"262"}' },
				'countryCode',
			],
			['an error without a code', { ...roaming, status: 404, answer: '{"message":"a"}' }, 'code'],
			['no auth_req_id', { ...authorize, answer: '{"expires_in":1}' }, 'auth_req_id'],
			['half a second', { ...authorize, answer: '{"auth_req_id":"1","interval":0.5}' }, 'interval'],
			['a correlator that does not come back', correlated, 'echo'],
			['no time of the status', { ...retrieve, answer: '{"roaming":false}' }, 'lastStatusTime'],
			[
				'a time without its zone',
				{ ...retrieve, answer: '{"roaming":false,"lastStatusTime":"2026-01-01T00:00:00"}' },
				'lastStatusTime',
			],
			[
				'two identifiers in the answer',
				{
					...retrieve,
					answer:
						'{"roaming":false,"lastStatusTime":"2026-01-01T00:00:00Z","device":{"phoneNumber":"+34600000001","ipv6Address":"::1"}}',
				},
				'more than 1',
			],
			[
				'a code that is not of its status',
				{
					...retrieve,
					status: 403,
					answer: '{"status":403,"code":"UNAVAILABLE","message":"a"}',
				},
				'code',
			],
			[
				"RapidAPI's error of an operator",
				{ ...retrieve, status: 401, answer: '{"message":"Invalid API key."}' },
				'status',
			],
			['no token type', { ...poll, answer: '{"access_token":"1","expires_in":1}' }, 'token_type'],
			['an error without a name', { ...poll, status: 400, answer: '{}' }, 'error'],
		])('is found to be wrong: %s', (_what, exchange, finding) => {
			const findings = openApiFindings(exchange as typeof roaming);
			expect(findings).toEqual(expect.arrayContaining([expect.stringContaining(finding)]));
		});
	},
);
