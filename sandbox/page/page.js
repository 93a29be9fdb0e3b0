const COUNTRIES = ['FR', 'BE', 'DE', 'ES', 'GB', 'US'];
const names = new Intl.DisplayNames(['en'], { type: 'region' });
const at = (id) => document.getElementById(id);

/** An element with a class and a text, or with elements in it. */
function element(tag, className, content) {
	const made = document.createElement(tag);
	made.className = className;
	if (Array.isArray(content)) made.append(...content);
	else made.textContent = content;
	return made;
}

async function call(method, path, body) {
	const response = await fetch(path, {
		method,
		...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
	});
	const text = await response.text();
	const answer = text && JSON.parse(text);
	if (!response.ok) throw new Error(answer.message);
	return answer;
}

/** Calls, then shows what has become of it or why it was refused. */
async function change(method, path, body) {
	try {
		await call(method, path, body);
		at('notice').textContent = '';
	} catch (error) {
		at('notice').textContent = error.message;
		return false;
	}
	await refresh();
	return true;
}

const move = (identifier, to) => change('PUT', `devices/${encodeURIComponent(identifier)}`, to);

/** Where a device is, in words. */
function place({ status, home }) {
	if (!status) return 'Nothing is known';
	if (!status.roaming) return `At home in ${names.of(home)}`;
	const { countryName, countryCode } = status;
	if (countryName?.length)
		return `Roaming in ${countryName.map((one) => names.of(one)).join(', ')}`;
	return countryCode ? `Roaming under MCC ${countryCode}` : 'Roaming, country withheld';
}

function device(state) {
	const { identifier, home, status, subscriptions } = state;
	const here = status && (status.roaming ? status.countryName : [home]);
	const away = COUNTRIES.filter((country) => country !== home);
	const buttons = [home, ...away].map((country) => {
		const button = element('button', '', country === home ? 'Home' : names.of(country));
		const isHere =
			here?.length === 1 && here[0] === country && (country !== home || !status.roaming);
		button.setAttribute('aria-pressed', String(isHere));
		button.dataset.key = `${identifier} ${country}`;
		button.addEventListener('click', () => move(identifier, { country }));
		return button;
	});
	const group = element('div', 'buttons', buttons);
	group.setAttribute('role', 'group');
	group.setAttribute('aria-label', `Move ${identifier}`);
	return element('li', '', [
		element('span', 'name', identifier),
		element('span', 'detail', subscriptions ? `${subscriptions} subscribed` : ''),
		element('span', 'state', place(state)),
		group,
	]);
}

const hostOf = (url) => new URL(url).host;

function subscription({ device, event, sink, status, eventsSent, maxEvents, expiresAt }) {
	const sent = `${eventsSent}${maxEvents === null ? '' : ` of ${maxEvents}`} events`;
	const until = expiresAt === null ? '' : `, until ${new Date(expiresAt).toLocaleString()}`;
	return element('li', '', [
		element('span', 'name', event),
		element('span', '', device),
		element('span', status === 'ACTIVE' ? 'state good' : 'state', status),
		element('span', 'detail', `${sent} to ${hostOf(sink)}${until}`),
	]);
}

function delivery({ at, url, body, attempts, outcome }) {
	const { type } = JSON.parse(body);
	const last = attempts.at(-1);
	const state = { delivered: 'state good', failed: 'state bad', pending: 'state' }[outcome];
	const tried = `${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}`;
	return element('li', '', [
		element('span', 'name', type.split('.').at(-1)),
		element('span', state, outcome),
		element(
			'span',
			'detail',
			`${new Date(at).toLocaleTimeString()} to ${hostOf(url)}, ${tried}${last ? `, ${last.status}` : ''}`,
		),
	]);
}

const shown = {};

/** Writes a list, if it has changed, and leaves the focus where it is. */
function show(id, entries, write) {
	const text = JSON.stringify(entries);
	if (shown[id] === text) return;
	shown[id] = text;
	const { key } = document.activeElement?.dataset ?? {};
	at(id).replaceChildren(...entries.map(write));
	if (key)
		at(id)
			.querySelector(`[data-key="${CSS.escape(key)}"]`)
			?.focus();
}

async function refresh() {
	const [devices, subscriptions, deliveries] = await Promise.all(
		['devices', 'subscriptions', 'deliveries?latest=20'].map((path) => call('GET', path)),
	);
	show('devices', devices, device);
	show('subscriptions', subscriptions.reverse(), subscription);
	show('deliveries', deliveries.reverse(), delivery);
}

const ENDED = 'The sandbox does not answer';

async function refreshRepeatedly() {
	try {
		await refresh();
		if (at('notice').textContent === ENDED) at('notice').textContent = '';
	} catch {
		at('notice').textContent = ENDED;
	}
	setTimeout(refreshRepeatedly, 1000);
}

at('add').addEventListener('submit', async (event) => {
	event.preventDefault();
	const identifier = at('identifier').value.trim();
	if (await move(identifier, {})) at('identifier').value = '';
});
void refreshRepeatedly();
