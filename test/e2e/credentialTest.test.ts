import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Page } from 'playwright-core';
import { freePort } from '../../localN8n/process/ports';
import { operators } from '../../nodes/OpenGateway/operators';
import { pageForSuite } from '../support/browser';
import { combinations, type Combination } from '../support/combinations';
import { asItOpens } from '../support/credential';
import { closeCredentialForm, credentialForm, fillIn, signIn } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { record } from '../support/recordings';
import { credentialAtRefusing, refusals, startRefusingOperator } from '../support/refusingOperator';
import type { ScriptedAnswer, ScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';
import {
	credentialsOf,
	fieldGone,
	isHarmless,
	shownFields,
	UNREADABLE,
	wrongFields,
} from '../support/wrongFields';

jest.setTimeout(180_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

/** An operator that refuses each device in this way. */
let refusing: ScriptedOperator;
let aboutDevice: ScriptedAnswer = {};

beforeAll(async () => {
	refusing = await startRefusingOperator(sandbox, () => ({ aboutDevice }));
});
afterAll(async () => await refusing.close());

inTheEditor('a person signs in to the editor, for the tests below', async (page) => {
	await signIn(page, n8n);
});

const accepted = (page: Page) =>
	credentialForm(page).getByTestId('credentials-config-container-test-success');
/** Tells that n8n's test of the credential failed, and with its details why. */
const refusal = (page: Page) => {
	const retry = page.getByRole('button', { name: 'Retry' });
	const message = { hasText: 'Couldn’t connect with these settings', has: retry };
	return credentialForm(page).locator('div').filter(message).last().locator('..');
};

/** Opens a credential from the editor's list, which tests it. */
async function open(page: Page, data: ICredentialDataDecryptedObject): Promise<void> {
	const { name } = await n8n.api.saveCredential({ name: 'Tested', type: 'openGatewayApi', data });
	if (await credentialForm(page).isVisible()) await closeCredentialForm(page);
	else await page.goto(`${n8n.url}/home/credentials`);
	await page.getByRole('heading', { name }).click();
}

/** What the open form says of its credential: `green`, or `red` and the details. */
async function verdict(page: Page): Promise<string> {
	await accepted(page).or(refusal(page)).filter({ visible: true }).first().waitFor();
	const isAccepted = await accepted(page).isVisible();
	if (!isAccepted) await refusal(page).getByText('More details').click();
	const message = await (isAccepted ? accepted(page) : refusal(page)).innerText();
	record({ kind: 'credentialTest', result: { status: isAccepted ? 'OK' : 'Error', message } });
	expect(message).not.toMatch(UNREADABLE);
	return isAccepted ? 'green' : `red ${message}`;
}

describe('a person who changes a good credential and saves it', () => {
	const good = () => ({ operator: 'telefonica', baseUrl: sandbox.baseUrls.telefonica });

	async function save(
		page: Page,
		changes: Record<string, string>,
		isWrong = true,
	): Promise<string> {
		await open(page, good());
		await accepted(page).waitFor();
		await fillIn(page, changes);
		const tested = page.waitForResponse((response) => response.url().endsWith('/credentials/test'));
		await credentialForm(page).getByTestId('credential-save-button').click();
		await tested;
		// Until then, the form shows what it said of the credential before.
		if (isWrong) await refusal(page).waitFor();
		return await verdict(page);
	}

	inTheEditor('sees that the sandbox accepts its application', async (page) => {
		const application = {
			clientId: 'mock_sandbox_app_id',
			clientSecret: 'mock_sandbox_app_secret',
		};
		expect(await save(page, application, false)).toBe('green');
	});

	inTheEditor('reads which fields to mend of a wrong secret', async (page) => {
		const changes = { clientId: 'mock_sandbox_app_id', clientSecret: 'wrong' };
		expect(await save(page, changes)).toMatch(
			/red.*'Client ID', 'Client Secret' and 'Client Authentication'/s,
		);
	});

	inTheEditor('reads which field to mend of a path that nobody serves', async (page) => {
		expect(await save(page, { baseUrl: `${sandbox.origin}/nowhere` })).toMatch(
			/red.*\/nowhere.*'Base URL'/s,
		);
	});
});

/**
 * For each combination, one of its values in turn. Each operator has all of its values somewhere,
 * so that some combinations have several.
 */
function inTurn<Value>(
	valuesOf: (combination: Combination) => readonly Value[],
): Map<Combination, Value[]> {
	const turns = new Map<Combination, Value[]>(combinations.map((one) => [one, []]));
	for (const operator of Object.keys(operators)) {
		const own = combinations.filter((combination) => combination.operator === operator);
		const uses = new Map<Value, number>(own.flatMap(valuesOf).map((value) => [value, 0]));
		const give = (combination: Combination, value: Value) => {
			turns.get(combination)!.push(value);
			uses.set(value, uses.get(value)! + 1);
		};
		for (const combination of own) {
			const [rarest] = valuesOf(combination).toSorted((a, b) => uses.get(a)! - uses.get(b)!);
			if (rarest !== undefined) give(combination, rarest);
		}
		for (const [value, used] of uses) {
			if (used === 0)
				give(
					own.find((one) => valuesOf(one).includes(value))!,
					value,
				);
		}
	}
	return turns;
}

/** The fields of a combination's form, with a Discovery URL and without one. */
const fieldsOf = ({ fields }: Combination) => Object.keys(shownFields(asItOpens(fields)));
/** Those that can be wrong. Each combination has its Base URL wrong, so it takes no turn. */
const breakable = (combination: Combination) =>
	fieldsOf(combination).filter(
		(name) => name in wrongFields({}, combination) && name !== 'baseUrl',
	);

const turns = {
	wrong: inTurn((one) => breakable(one).filter((field) => !isHarmless(field, one))),
	harmless: inTurn((one) => breakable(one).filter((field) => isHarmless(field, one))),
	gone: inTurn((one) => fieldsOf(one).filter((field) => field.endsWith('Url'))),
	refused: inTurn(() => Object.keys(refusals) as (keyof typeof refusals)[]),
};

const counts = { good: 0, nowhere: 0, gone: 0, refused: 0, wrong: 0, harmless: 0 };

describe.each(combinations)('$name', (combination) => {
	const wrong = turns.wrong.get(combination)!;
	const harmless = turns.harmless.get(combination)!;
	const gone = turns.gone.get(combination)!;
	const refused = turns.refused.get(combination)!;

	/** The good credential with this field filled in. */
	async function filledIn(field: string): Promise<ICredentialDataDecryptedObject> {
		const all = (await credentialsOf(sandbox, combination)).map(([, data]) => data);
		return all.find((data) => field in shownFields(data) && data[field]) ?? all[0]!;
	}

	const isRed = (pattern: RegExp) => expect.stringMatching(pattern) as string;
	const names = (data: ICredentialDataDecryptedObject, field: string) =>
		`'${shownFields(data)[field]}'`;

	inTheEditor('is green if all is right', async (page) => {
		for (const [name, data] of await credentialsOf(sandbox, combination)) {
			await open(page, data);
			expect([name, await verdict(page)]).toEqual([name, 'green']);
			counts.good++;
		}
	});

	inTheEditor(`is red if wrong: ${['baseUrl', ...wrong].join(', ')}`, async (page) => {
		for (const field of ['baseUrl', ...wrong]) {
			const data = await filledIn(field);
			await open(page, { ...data, [field]: wrongFields(data, combination)[field]! });
			const red = isRed(new RegExp(`^red .*${names(data, field)}`, 's'));
			expect([field, await verdict(page)]).toEqual([field, red]);
			counts[field === 'baseUrl' ? 'nowhere' : 'wrong']++;
		}
	});

	inTheEditor(`is red if no server is there: ${gone.join(', ')}`, async (page) => {
		for (const field of gone) {
			const data = await filledIn(field);
			const host = `127.0.0.1:${await freePort(0)}`;
			await open(page, { ...data, ...fieldGone(data, field, `http://${host}`) });
			const red = isRed(new RegExp(`^red .*${host}.*ECONNREFUSED.*${names(data, field)}`, 's'));
			expect([field, await verdict(page)]).toEqual([field, red]);
			counts.gone++;
		}
	});

	inTheEditor(
		`is green with a device refused ${[...refused, ...harmless.map((field) => `and ${field} wrong`)].join(', ')}`,
		async (page) => {
			for (const way of refused) {
				aboutDevice = refusals[way];
				await open(page, await credentialAtRefusing(refusing, sandbox, combination));
				expect([way, await verdict(page)]).toEqual([way, 'green']);
				counts.refused++;
			}
			for (const field of harmless) {
				const data = await filledIn(field);
				await open(page, { ...data, [field]: wrongFields(data, combination)[field]! });
				expect([field, await verdict(page)]).toEqual([field, 'green']);
				counts.harmless++;
			}
		},
	);
});

afterAll(() => {
	process.stdout.write(
		`The credential's test in the editor, over ${combinations.length} combinations: ${JSON.stringify(counts)}\n`,
	);
});
