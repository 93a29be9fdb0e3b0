import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { operators as sandboxOperators } from '../../sandbox/operators';
import { combination, combinations, type Combination } from '../support/combinations';
import { credentialAt } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

/**
 * Two devices that differ in one part of their identifier, in every flow: if the flow cannot carry
 * that part, both are refused before any request, else the operator is asked about each.
 */
const sandbox = sandboxForSuite();

const ADDRESS = '80.90.34.1';
const behindOneAddress = (parts: IDataObject[]) =>
	parts.map((own) => ({ identifierType: 'ipv4Address', ipv4Address: ADDRESS, ...own }));

type Part = 'port' | 'privateAddress' | 'networkAccessIdentifier';
const pairs: Record<Part, IDataObject[]> = {
	port: behindOneAddress([{ port: 16_791 }, { port: 16_792 }]),
	privateAddress: behindOneAddress([
		{ privateAddress: '10.0.0.7' },
		{ privateAddress: '10.0.0.8' },
	]),
	networkAccessIdentifier: ['11@domain.com', '21@domain.com'].map((networkAccessIdentifier) => ({
		identifierType: 'networkAccessIdentifier',
		networkAccessIdentifier,
	})),
};

interface Flow extends Omit<Combination, 'authorizationGrant'> {
	readonly authorizationGrant: Combination['authorizationGrant'] | 'signIn';
}
const flows: readonly Flow[] = [
	...combinations,
	...[
		combination('telefonica', '', 'authorizationCode'),
		combination('camara', 'v1', 'authorizationCode'),
		combination('camara', 'v0.5', 'authorizationCode'),
	].map((flow) => ({
		...flow,
		name: flow.name.replace('authorizationCode', 'signIn'),
		authorizationGrant: 'signIn' as const,
	})),
];

/** Whether the flow can tell the operator this part, by the operators' documents. */
function carries(flow: Flow, part: Part): boolean {
	const { operator, variant, authorizationGrant: grant } = flow;
	const namesDeviceInRequest =
		operator === 'telefonica' ||
		variant === 'v0.5' ||
		['clientCredentials', 'accessToken', 'apiKey'].includes(grant);
	const identifiesToServer = grant === 'ciba' || grant === 'jwtBearer';
	const hasLoginHint = grant === 'ciba' || grant === 'authorizationCode';
	switch (part) {
		case 'port':
			return grant !== 'jwtBearer' && (namesDeviceInRequest || hasLoginHint);
		case 'privateAddress':
			return namesDeviceInRequest && operator !== 'telefonica' && !identifiesToServer;
		case 'networkAccessIdentifier':
			return namesDeviceInRequest && !identifiesToServer;
	}
}

async function credentialOf(flow: Flow): Promise<ICredentialDataDecryptedObject> {
	const { operator, fields, authorizationGrant } = flow;
	if (authorizationGrant !== 'signIn') {
		return await credentialAt(sandbox, { ...flow, authorizationGrant });
	}
	const fixedToken = sandboxOperators[operator].authorization?.fixedToken;
	return {
		...fields,
		baseUrl: sandbox.baseUrls[operator],
		oauthTokenData: { access_token: fixedToken ?? '', token_type: 'Bearer' },
	} as ICredentialDataDecryptedObject;
}

const toUrl = {
	resource: 'authorization',
	operation: 'createUrl',
	redirectUri: 'http://127.0.0.1:5678/webhook/roaming-back',
};

const cases = flows.flatMap((flow) =>
	(Object.keys(pairs) as Part[]).map((part) => ({
		name: flow.name,
		part,
		outcome: carries(flow, part) ? 'asked about apart' : 'refused before any request',
		flow,
	})),
);

test.each(cases)('$name: two devices with another $part are $outcome', async ({ flow, part }) => {
	const [{ identifierType = '' } = {}] = pairs[part];
	const isFrontend = flow.authorizationGrant === 'authorizationCode';
	const fields = Object.keys(pairs[part][0] ?? {}).filter((name) => name !== 'identifierType');
	const parameters = {
		...(isFrontend && toUrl),
		identifierType,
		...Object.fromEntries(fields.map((name) => [name, `={{ $json.${name} }}`])),
	} as INodeParameters;
	const { outputs } = await runNode(pairs[part], {
		credential: await credentialOf(flow),
		parameters,
		onError: 'continueRegularOutput',
	});
	const answers = outputs[0]?.map(({ json }) => json) ?? [];
	const exchanges = await sandbox.exchanges();

	if (!carries(flow, part)) {
		const refused = { error: expect.objectContaining({ code: 'UNSUPPORTED_DEVICE' }) as object };
		expect(answers).toMatchObject([refused, refused]);
		expect(exchanges).toEqual([]);
		return;
	}
	const own = pairs[part].map((fieldsOfOne) => String(fieldsOfOne[part]));
	const isRefusedByOperator = part === 'networkAccessIdentifier' && flow.operator !== 'telefonica';
	answers.forEach((answer, index) => {
		if (isFrontend) {
			const hint = new URL(String(answer.url)).searchParams.get('login_hint');
			expect(hint).toBe(part === 'port' ? `ipport:${ADDRESS}:${own[index]}` : null);
		} else if (isRefusedByOperator) {
			expect(answer.error).toMatchObject({
				code: expect.stringMatching(/^UNSUPPORTED_(DEVICE_)?IDENTIFIERS?$/) as string,
			});
		} else {
			expect(typeof answer.roaming).toBe('boolean');
			expect(JSON.stringify(answer.device)).toContain(own[index]);
			expect(JSON.stringify(answer.device)).not.toContain(own[1 - index]);
		}
	});
	if (isFrontend) return;
	// Whatever names a device to the operator names one of the two in full.
	const naming = exchanges.map(({ body }) => decodeURIComponent(body));
	for (const request of naming.filter((body) => /ipport|Addr|domain\.com/.test(body))) {
		expect(own.filter((one) => request.includes(one))).toHaveLength(1);
	}
	for (const one of own) expect(naming.some((body) => body.includes(one))).toBe(true);
	const asked = exchanges.filter(({ path }) => /\/(roaming|retrieve)$/.test(path));
	expect(asked).toHaveLength(2);
	expect(new Set(asked.map(({ headers, body }) => `${headers.authorization} ${body}`)).size).toBe(
		2,
	);
});
