import { camaraErrors } from '../../nodes/OpenGateway/operators/sharedErrors';
import { vonage } from '../../nodes/OpenGateway/operators/vonage';
import { ipv4AndPort, ipv6, nai, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

const { roamingStatus } = vonage.apis;

test('a request names the number, the purpose and the insight', () => {
	const baseUrl = vonage.defaultBaseUrl ?? '';
	expect(roamingStatus?.request(baseUrl, phone, 'application', 'Marketing')).toEqual({
		url: 'https://api-eu.vonage.com/identity-insights/v1/requests',
		json: { phone_number: '+34600000001', purpose: 'Marketing', insights: { roaming: {} } },
	});
});

test.each([[ipv4AndPort], [ipv6], [nai], [undefined]])(
	'a device that is not identified by its number is refused: %j',
	(device) => {
		expect(refusal(() => roamingStatus?.request('', device, 'application'))).toEqual(
			refusedWith('UNSUPPORTED_DEVICE'),
		);
	},
);

const answerTo = (insight: object) => roamingStatus?.answer?.({ insights: { roaming: insight } });

test.each(['OK', 'PARTIAL_SUCCESS'])('an insight whose status is %s is an answer', (code) => {
	const times = { latest_status_at: '2026-11-26T10:20:30Z' };
	expect(
		answerTo({ is_roaming: true, country_codes: ['DE'], ...times, status: { code, message: '' } }),
	).toEqual({ roaming: true, countryName: ['DE'], lastStatusTime: times.latest_status_at });
});

test.each(['NOT_FOUND', 'INTERNAL_ERROR', 'unheard of'])(
	'an insight whose status is %s is a refusal, with the words of the operator',
	(code) => {
		const status = { code, message: 'No' };
		expect(answerTo({ is_roaming: false, status })).toEqual(status);
	},
);

test.each([[undefined], [null], [[]], ['text'], [{}], [{ insights: { roaming: null } }]])(
	'a body without the insight is no answer: %j',
	(body) => {
		expect(roamingStatus?.answer?.(body)).not.toHaveProperty('roaming');
	},
);

test('each status of an insight without an answer has a text', () => {
	expect(Object.keys(vonage.errors)).toEqual(
		expect.arrayContaining([
			...Object.keys(camaraErrors),
			...['INVALID_NUMBER_FORMAT', 'UNSUPPORTED_NETWORK_TYPE', 'NO_COVERAGE', 'NOT_FOUND'],
			...['UNAUTHORIZED', 'INVALID_PURPOSE', 'SUPPLIER_ERROR', 'INTERNAL_ERROR'],
		]),
	);
});
