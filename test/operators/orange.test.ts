import { withChoice } from '../../nodes/OpenGateway/operators';
import { orange } from '../../nodes/OpenGateway/operators/orange';
import { phone } from '../support/identifiers';

test.each([
	[
		'playground',
		'https://api.orange.com/camara/playground/api/device-roaming-status/v0.6/retrieve',
		'https://api.orange.com/openidconnect/playground/v1.0/token',
		['ciba', 'authorizationCode', 'clientCredentials'],
	],
	[
		'lab',
		'https://api.orange.com/camara/orange-lab/device-roaming-status/v0/retrieve',
		'https://api.orange.com/oauth/v3/token',
		['clientCredentials'],
	],
])('the %s has addresses and grants of its own', (environment, url, token, grants) => {
	const operator = withChoice(orange, environment);
	const { apis, defaultBaseUrl = '', defaultAuthorizationBaseUrl = '' } = operator;
	expect(apis.roamingStatus?.request(defaultBaseUrl, phone, 'application')).toStrictEqual({
		url,
		json: { device: phone },
	});
	expect(operator.endpoints?.(defaultAuthorizationBaseUrl).token).toBe(token);
	expect(Object.keys(operator.grants)).toEqual(grants);
	expect(operator.grantsWithoutScope).toEqual(['clientCredentials']);
	expect(operator.refreshScope).toBeUndefined();
});

test('a choice replaces traits, and neither the operator’s name nor its description', () => {
	const { displayName, description } = withChoice(orange, 'lab');
	expect({ displayName, description }).toEqual({
		displayName: orange.displayName,
		description: orange.description,
	});
	expect(withChoice(orange, 'playground')).toEqual(orange);
});
