import { openApiDocumentsPresent, openApiFindings } from '../support/openapi';

const application = `Basic ${Buffer.from('app%3Aid:s%2Bcret').toString('base64')}`;
const json = { 'content-type': 'application/json; charset=utf-8' };
const formEncoded = 'application/x-www-form-urlencoded';

const authorize = {
	method: 'POST',
	path: '/apigateway/bc-authorize',
	headers: { authorization: application, 'content-type': formEncoded },
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

type Spoilt = [string, object, string];
const ue = (body: object) => ({ ...roaming, body: JSON.stringify(body) });

(openApiDocumentsPresent ? describe : describe.skip)(
	"An exchange, by the operator's OpenAPI documents,",
	() => {
		it.each([
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
		])('is valid: %s', (_what, exchange) => {
			expect(openApiFindings(exchange)).toEqual([]);
		});

		it.each<Spoilt>([
			['an unknown path', { ...roaming, path: '/apigateway/roaming' }, 'no document knows'],
			['another method', { ...roaming, method: 'GET' }, 'no document knows'],
			['no client authentication', { ...poll, headers: { 'content-type': formEncoded } }, 'Basic'],
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
			['a secret in the form', { ...poll, body: `${poll.body}&client_secret=1` }, 'client_secret'],
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
			['no token type', { ...poll, answer: '{"access_token":"1","expires_in":1}' }, 'token_type'],
			['an error without a name', { ...poll, status: 400, answer: '{}' }, 'error'],
		])('is found to be wrong: %s', (_what, exchange, finding) => {
			const findings = openApiFindings(exchange as typeof roaming);
			expect(findings).toEqual(expect.arrayContaining([expect.stringContaining(finding)]));
		});
	},
);
