import { eventFindings, openApiDocumentsPresent, openApiFindings } from '../support/openapi';

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
const valid = { authorize, poll, roaming, frontend, camaraAuthorize, ownToken, jwtBearer };

type Checked = typeof roaming | typeof nokia | typeof frontend | typeof jwtBearer;
const replaced = (of: Checked, part: string | RegExp, by: string) => ({
	...of,
	body: of.body.replace(part, by),
});
const withBody = (of: Checked, more: string) => ({ ...of, body: of.body + more });
const withHeaders = (of: Checked, more: object) => ({ ...of, headers: { ...of.headers, ...more } });
const answered = (of: Checked, answer: string, status = of.status) => ({ ...of, status, answer });
const asked = (more: string) => ({ ...frontend, path: frontend.path + more });
const rawBasic = `Basic ${Buffer.from('a:b%').toString('base64')}`;
const byForm = { ...poll, headers: inForm };

/** That bodies of the APIs' requests are checked is tested with the bodies that the sandbox refuses. */
(openApiDocumentsPresent ? describe : describe.skip)(
	"An exchange, by the operator's OpenAPI documents,",
	() => {
		test.each(Object.entries({ ...valid, codeExchange, retrieve, nokia }))(
			'is valid: %s',
			(_name, exchange) => {
				expect(openApiFindings(exchange)).toEqual([]);
			},
		);

		test.each<[string, object, string]>([
			['an unknown path', { ...roaming, path: '/apigateway/roaming' }, 'no document knows'],
			['no client authentication', byForm, '0 ways'],
			['a raw percent sign', withHeaders(poll, { authorization: rawBasic }), 'form-encoded Basic'],
			['no token', { ...roaming, headers: json }, 'Bearer'],
			['JSON for a form', withHeaders(poll, json), 'content type'],
			['a plus that was not encoded', replaced(authorize, '%2B', '+'), 'login_hint'],
			['a scope without a purpose', replaced(authorize, 'dpv%3A', ''), 'scope'],
			['a parameter twice', withBody(authorize, '&scope=x'), 'twice'],
			['a parameter that is not documented', withBody(authorize, '&line=1'), '(line)'],
			['a form with a space', withBody(authorize, ' '), 'not form-encoded'],
			['a secret in the form too', withBody(poll, '&client_id=1&client_secret=1'), '2 ways'],
			['an empty poll', { ...poll, body: '' }, 'grant_type'],
			['a poll without auth_req_id', replaced(poll, /&.*$/, ''), 'auth_req_id'],
			['an unknown query', asked('&line=1'), 'line'],
			['the plain challenge method', asked('&code_challenge_method=plain'), 'challenge_method'],
			['a query without its response type', { ...frontend, path: '/apigateway/authorize' }, 'type'],
			['a JWT for a secret', replaced(jwtBearer, 'e30.', ''), 'assertion'],
			[
				'a client that authenticates beside its assertion',
				withHeaders(jwtBearer, { authorization: application }),
				'beside',
			],
			['a scope beside an assertion', withBody(jwtBearer, '&scope=a'), 'scope'],
			[
				'a client assertion without its type',
				withBody(byForm, '&client_assertion=e30.e30.c2ln'),
				'client_assertion_type',
			],
			['a secret without an id', withBody(byForm, '&client_secret=1'), 'client_id'],
			['client credentials for Telefónica', { ...ownToken, path: poll.path }, 'grant_type'],
			['client credentials without a scope', replaced(ownToken, /&.*$/, ''), 'scope'],
			['two purposes', withBody(ownToken, '+dpv%3AFraudPreventionAndDetection'), 'scope'],
			["CAMARA's scope without openid", replaced(camaraAuthorize, 'openid+', ''), 'scope'],
			["Telefónica's scope for CAMARA", { ...authorize, path: '/camara/bc-authorize' }, 'scope'],
			['a verifier of 42 characters', replaced(codeExchange, /v$/, ''), 'code_verifier'],
			['no API key', { ...nokia, headers: json }, 'RapidAPI'],
			[
				'a correlator with a space',
				withHeaders(retrieve, { 'x-correlator': 'a b' }),
				'x-correlator',
			],
			['a body where none belongs', withBody(frontend, 'a=b'), 'has a body'],

			['a status nobody documented', { ...roaming, status: 418 }, '418'],
			['an answer in HTML', { ...roaming, answerHeaders: {} }, 'content type'],
			['an answer that is no JSON', answered(roaming, '<html>'), 'not JSON'],
			['an answer without roaming', answered(roaming, '{}'), 'roaming'],
			['an error without a code', answered(roaming, '{"message":"a"}', 404), 'code'],
			['no auth_req_id', answered(authorize, '{"expires_in":1}'), 'auth_req_id'],
			[
				'a correlator that does not come back',
				withHeaders(retrieve, { 'x-correlator': 'one' }),
				'echo',
			],
			[
				'a time without its zone',
				answered(retrieve, '{"roaming":false,"lastStatusTime":"2026-01-01T00:00:00"}'),
				'lastStatusTime',
			],
			[
				"RapidAPI's error of an operator",
				answered(retrieve, '{"message":"Invalid API key."}', 401),
				'status',
			],
			['an error without a name', answered(poll, '{}', 400), 'error'],
		])('is found to be wrong: %s', (_what, exchange, finding) => {
			const findings = openApiFindings(exchange as typeof roaming);
			expect(findings).toEqual(expect.arrayContaining([expect.stringContaining(finding)]));
		});

		const api = '/camara/device-roaming-status-subscriptions/v0.8/subscriptions';
		const prefix = 'org.camaraproject.device-roaming-status-subscriptions.v0.';
		const event = (name: string, told: object, more: object = {}) => ({
			api,
			headers: { 'content-type': 'application/cloudevents+json', authorization: 'Bearer abc' },
			body: JSON.stringify({
				id: '1',
				source: 'https://operator.example.com',
				specversion: '1.0',
				type: prefix + name,
				time: '2026-01-01T00:00:00Z',
				data: { subscriptionId: '1', ...told },
				...more,
			}),
		});
		const off = event('roaming-off', {});
		const ends = event('subscription-ends', { terminationReason: 'MAX_EVENTS_REACHED' });
		const ofNokia = api.replace('/camara', '/nokia/device-status').replace('v0.8', 'v0.7');

		test('an event is valid', () => {
			expect(eventFindings(off)).toEqual([]);
			expect(eventFindings({ ...ends, api: ofNokia })).toEqual([]);
		});

		test.each([
			['of another path', { ...off, api: '/camara/subscriptions' }, 'no document'],
			['of another version', ends, 'unknown type'],
			['in JSON of no kind', { ...off, headers: json }, 'content type'],
			[
				'with another scheme',
				{ ...off, headers: { ...off.headers, authorization: 'x' } },
				'Bearer',
			],
			['without its status', event('roaming-status', {}), 'roaming'],
			['without its country', event('roaming-change-country', {}), 'countryCode'],
			['with an unknown reason', event('subscription-ended', { terminationReason: 'a' }), 'Reason'],
			['without a time', event('roaming-off', {}, { time: undefined }), 'time'],
			['with a time without its zone', event('roaming-off', {}, { time: '2026-01-01' }), 'time'],
		])('an event is found to be wrong: %s', (_what, delivery, finding) => {
			expect(eventFindings(delivery)).toEqual(
				expect.arrayContaining([expect.stringContaining(finding)]),
			);
		});
	},
);
