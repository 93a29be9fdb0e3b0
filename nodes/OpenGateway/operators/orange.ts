import { camara, roamingStatusOf } from './camara';
import { endpointsUnder, type Operator } from './operator';

/** Orange Developer: CAMARA Device Roaming Status in two environments. */
export const orange: Operator = {
	...camara,
	displayName: 'Orange',
	description: 'Device Roaming Status v0, in Orange’s playground or lab',
	choice: {
		field: 'orangeEnvironment',
		displayName: 'Environment',
		description: 'Where your application is registered',
		default: 'playground',
		values: {
			playground: {
				displayName: 'Playground',
				description: 'CAMARA playground: test numbers, with all grant types',
				traits: {},
			},
			lab: {
				displayName: 'Lab',
				description: 'Orange Lab: Client Credentials alone',
				traits: {
					defaultBaseUrl: 'https://api.orange.com/camara/orange-lab',
					defaultAuthorizationBaseUrl: 'https://api.orange.com/oauth/v3',
					grants: { clientCredentials: ['clientSecretBasic'] },
					apis: { roamingStatus: roamingStatusOf('v0') },
				},
			},
		},
	},
	defaultBaseUrl: 'https://api.orange.com/camara/playground/api',
	defaultAuthorizationBaseUrl: 'https://api.orange.com/openidconnect/playground/v1.0',
	grants: {
		ciba: ['clientSecretBasic', 'privateKeyJwt'],
		authorizationCode: ['clientSecretBasic', 'privateKeyJwt'],
		clientCredentials: ['clientSecretBasic', 'privateKeyJwt'],
	},
	grantsWithoutScope: ['clientCredentials'],
	signingAlgorithms: ['RS256'],
	endpoints: endpointsUnder,
	refreshScope: undefined,
	apis: { roamingStatus: roamingStatusOf('v0.6') },
	subscriptions: undefined,
};
