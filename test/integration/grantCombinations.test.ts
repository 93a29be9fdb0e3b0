import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import {
	clientAuthentications,
	grantTypes,
	type ClientAuthenticationName,
	type GrantTypeName,
} from '../../nodes/OpenGateway/authorization';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators, variantsOf } from '../../nodes/OpenGateway/operators';
import { fromCallback, REDIRECT_URI, webhookItem } from '../support/callback';
import {
	algorithmsOf,
	combination,
	combinations,
	operatorOf,
	signs,
	type Combination,
} from '../support/combinations';
import { credentialAt } from '../support/credential';
import { runNode } from '../support/engine';
import { phoneThatAllows } from '../support/phone';
import { refusal, refusedWith } from '../support/refusal';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

type Signing = Combination & { readonly signingAlgorithm?: string };
/** Every combination that the credential offers; a client that signs does so with each algorithm. */
const all = combinations.flatMap((combination): Signing[] =>
	signs(combination)
		? algorithmsOf(combination).map((signingAlgorithm) => ({
				...combination,
				name: `${combination.name} ${signingAlgorithm}`,
				signingAlgorithm,
			}))
		: [combination],
);

const PHONE_NUMBER = '+34600000001';

/** How the redirect URI is called, once the phone's owner has allowed the check. */
async function allowedBy(credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
	const { outputs } = await runNode([{}], {
		credential,
		parameters: {
			resource: 'authorization',
			operation: 'createUrl',
			redirectUri: REDIRECT_URI,
			identifierType: 'phoneNumber',
			phoneNumber: PHONE_NUMBER,
		},
	});
	const { url, setCookie } = outputs[0]?.[0]?.json ?? {};
	return webhookItem(await phoneThatAllows(String(url)), setCookie);
}

const answered = new Set<string>();

test.each(all)('a device is answered for with $name', async (combination) => {
	const credential = await credentialAt(sandbox, combination, combination.signingAlgorithm);
	const isFrontend = combination.authorizationGrant === 'authorizationCode';
	const { outputs, error } = await runNode([{}], {
		credential,
		parameters: isFrontend ? fromCallback : { phoneNumber: PHONE_NUMBER },
		variables: isFrontend ? await allowedBy(credential) : {},
	});

	expect(error?.description).toBeUndefined();
	const json = outputs[0]?.[0]?.json ?? {};
	expect(json).toMatchObject({
		roaming: true,
		// Identity Insights names countries alone.
		countryCode: combination.operator === 'vonage' ? null : 262,
		countryName: ['DE'],
		country: 'DE',
	});
	// In the frontend flow, some operators alone know which device it is.
	const isUnnamed = isFrontend && !operatorOf(combination).verifiesDevice;
	expect(json.device).toEqual(isUnnamed ? null : { phoneNumber: PHONE_NUMBER });
	const tellsNoTime = ['telefonica', 'camara v0.5'];
	expect(json.lastStatusTime === null).toBe(
		tellsNoTime.some((name) => combination.name.startsWith(`${name} `)),
	);
	answered.add(combination.name);
});

/** Every value of every choice with every other. */
const thinkable = Object.keys(operators).flatMap((operator) =>
	variantsOf(operators[operator as Combination['operator']]).flatMap(([variant]) =>
		Object.entries(grantTypes).flatMap(([grant, { create }]) =>
			('forClient' in create ? Object.keys(clientAuthentications) : [undefined]).map((method) =>
				combination(
					operator as Combination['operator'],
					variant,
					grant as GrantTypeName,
					method as ClientAuthenticationName | undefined,
				),
			),
		),
	),
);
const existing = new Set(combinations.map(({ name }) => name));
const others = thinkable.filter(({ name }) => !existing.has(name));

test('a combination that does not exist cannot be configured', async () => {
	for (const combination of others) {
		const { authorizationGrant: grant, clientAuthentication: method } = combination;
		const operator = operatorOf(combination);
		const credential = await credentialAt(sandbox, combination);
		const offered = Object.keys(operator.grants);
		const methods = operator.grants[grant] ?? [];
		// The form does not ask for an only grant or authentication, and what is stored does not count.
		const isAskedFor = offered.length > 1 || (offered.includes(grant) && methods.length > 1);
		if (isAskedFor) {
			const words = /^'(Grant Type|Client Authentication)' has no valid value/;
			expect([combination.name, refusal(() => parseApplication(credential))]).toEqual([
				combination.name,
				refusedWith('INVALID_CREDENTIAL', words),
			]);
		} else {
			const { grant: used } = parseApplication(credential);
			expect([used.flow, offered]).toEqual(['backend', [expect.any(String)]]);
			expect(methods).not.toContain(method);
		}
	}
});

afterAll(() => {
	const rowOf = ({ operator, variant }: Combination) => `${operator} ${variant}`;
	const rows = [...new Set(all.map(rowOf))].map((row) => {
		const names = all.filter((one) => rowOf(one) === row).map(({ name }) => name);
		const answers = names.filter((name) => answered.has(name));
		return `  ${row.padEnd(18)} ${answers.length} of ${names.length}`;
	});
	process.stdout.write(
		`Combinations that answer, by operator and variant:\n${rows.join('\n')}\n` +
			`Together ${answered.size} of ${all.length}; ${others.length} others cannot be configured.\n`,
	);
});
