import type { Page } from 'playwright-core';
import { applications } from '../../sandbox/applications';
import { camara } from '../../sandbox/operators/camara';
import { TYPE_PREFIX } from '../../sandbox/subscriptions/version';
import { pageForSuite } from '../support/browser';
import { clientOf } from '../support/sandboxClient';
import { sinkForSuite } from '../support/sink';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const sink = sinkForSuite();
const onThePage = pageForSuite();

const NUMBER = '+34600000002';
const { fixedToken } = camara.authorization;

async function subscribe(sinkUrl: string, event = 'roaming-status'): Promise<void> {
	const path = '/device-roaming-status-subscriptions/v0.8/subscriptions';
	const { status } = await clientOf(sandbox.baseUrls.camara).call('POST', path, fixedToken, {
		protocol: 'HTTP',
		sink: sinkUrl,
		types: [TYPE_PREFIX + event],
		config: { subscriptionDetail: { device: { phoneNumber: NUMBER } } },
	});
	expect(status).toBe(201);
}

const card = (page: Page, identifier: string) =>
	page.locator('#devices li').filter({ has: page.getByText(identifier, { exact: true }) });

/** Waits until the page says so. */
async function reads(page: Page, list: string, ...texts: string[]): Promise<void> {
	for (const text of texts) {
		await page.locator(`#${list} li`).filter({ hasText: text }).first().waitFor();
	}
}

afterEach(async () => await sandbox.forgetSubscriptions());

onThePage('a click moves a device, which the operators answer by', async (page) => {
	await page.goto(`${sandbox.origin}/sandbox/`);
	await page.getByLabel('Phone number or address').fill(NUMBER);
	await page.getByRole('button', { name: 'Add' }).click();
	const device = card(page, NUMBER);
	await device.getByText('At home in Spain').waitFor();
	await device.getByRole('button', { name: 'France' }).click();
	await device.getByText('Roaming in France').waitFor();
	expect(await device.getByRole('button', { pressed: true }).allTextContents()).toEqual(['France']);

	const asked = { device: { phoneNumber: NUMBER } };
	const { data } = await clientOf(sandbox.baseUrls.camara).retrieve(fixedToken, asked);
	expect(data).toMatchObject({ roaming: true, countryName: ['FR'] });

	await device.getByRole('button', { name: 'Home' }).click();
	await device.getByText('At home in Spain').waitFor();
});

onThePage('the events of a move show by themselves', async (page) => {
	await page.goto(`${sandbox.origin}/sandbox/`);
	await subscribe(sink.url);
	await reads(page, 'subscriptions', 'roaming-status', '0 events');
	await card(page, NUMBER).getByText('1 subscribed').waitFor();
	await card(page, NUMBER).getByRole('button', { name: 'Belgium' }).click();
	await reads(page, 'deliveries', 'subscription-started', 'roaming-status');
	await reads(page, 'deliveries', `to ${new URL(sink.url).host}, 1 attempt, 204`);
	await reads(page, 'subscriptions', '1 events');
	expect(sink.types()).toEqual(['subscription-started', 'roaming-status']);
});

onThePage('what others have sent is text, and not part of the page', async (page) => {
	const errors: unknown[] = [];
	page.on('pageerror', (error) => errors.push(error));
	const markup = '<img src=x onerror=document.title=1>';
	await clientOf(sandbox.baseUrls.telefonica).roaming('mock_sandbox_access_token', {
		ueId: { externalId: markup },
	});
	await subscribe(`${sink.url}?${encodeURIComponent(markup)}`);
	await page.goto(`${sandbox.origin}/sandbox/`);
	await reads(page, 'devices', markup);
	expect(await page.locator('img').count()).toBe(0);
	expect([await page.title(), errors]).toEqual(['Sandbox', []]);
	expect(await page.locator('body').textContent()).not.toContain(applications.roaming.clientSecret);
});

onThePage('a wrong number is refused in words, and a phone’s width is enough', async (page) => {
	await page.setViewportSize({ width: 360, height: 740 });
	await page.goto(`${sandbox.origin}/sandbox/`);
	await page.getByLabel('Phone number or address').fill('+34 600');
	await page.getByRole('button', { name: 'Add' }).click();
	await page.getByText('neither a phone number, an address nor an external ID').waitFor();
	await page.getByLabel('Phone number or address').fill(NUMBER);
	await page.getByRole('button', { name: 'Add' }).click();
	await card(page, NUMBER).waitFor();
	const overflow = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
	expect(overflow).toBe(false);
});
