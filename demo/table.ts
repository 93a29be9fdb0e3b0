import type { Execution } from '../localN8n/n8nApi';
import { subscriberOf } from '../sandbox/subscribers';

/** The nodes of the sample workflow in which its branches end. */
const BRANCHES = ['Roaming', 'At home', 'No answer'];

const COLUMNS = ['Device', 'This device', 'Roaming', 'Country', 'MCC', 'Branch taken'];

/**
 * The results of a run of the sample workflow, one row for each device.
 *
 * @throws {Error} if a device took no branch, several branches, or the wrong branch
 */
export function tableOf(execution: Execution): string {
	const arrivals = BRANCHES.flatMap((branch) =>
		execution.itemsOf(branch).map((item) => ({ branch, item: item as Arrival })),
	);
	const rows = execution.itemsOf('One by one').map(({ phoneNumber }) => {
		const own = arrivals.filter(({ item }) => phoneNumberOf(item) === phoneNumber);
		const [arrival] = own;
		if (arrival === undefined || own.length > 1) {
			throw new Error(
				`In execution ${execution.id} of n8n, ${phoneNumber} took ${own.length} branches instead of one.`,
			);
		}
		const row = rowOf(String(phoneNumber), arrival.branch, arrival.item);
		if (arrival.branch !== branchOf(String(phoneNumber))) {
			throw new Error(
				`In execution ${execution.id} of n8n, a device took the wrong branch:\n${row.join('  ')}`,
			);
		}
		return row;
	});
	return aligned([COLUMNS, ...rows]);
}

/** An item at the end of a branch: a roaming status, or the original item with its error. */
type Arrival =
	| {
			error?: undefined;
			device: { phoneNumber: string };
			roaming: boolean;
			countryCode: number | null;
			countryName: string[];
	  }
	| { error: { code: string | null; message: string }; phoneNumber: string };

function phoneNumberOf(item: Arrival): string {
	return item.error === undefined ? item.device.phoneNumber : item.phoneNumber;
}

function rowOf(phoneNumber: string, branch: string, item: Arrival): string[] {
	const { description } = subscriberOf(phoneNumber);
	if (item.error !== undefined) {
		const reason = item.error.code ?? item.error.message;
		return [phoneNumber, description, '', '', '', `${branch} (${reason})`];
	}
	return [
		phoneNumber,
		description,
		item.roaming ? 'yes' : 'no',
		item.countryName.join(' '),
		String(item.countryCode ?? ''),
		branch,
	];
}

/** The branch for the device with this number. */
function branchOf(phoneNumber: string): string {
	const { consent, status } = subscriberOf(phoneNumber);
	if (!consent?.given || status === undefined) return 'No answer';
	return status.roaming ? 'Roaming' : 'At home';
}

function aligned(rows: string[][]): string {
	const widths = COLUMNS.map((_, column) =>
		Math.max(...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (row: string[]) =>
		row
			.map((cell, column) => (cell || '–').padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd();
	const rule = widths.map((width) => '─'.repeat(width)).join('  ');
	const [header = [], ...body] = rows;
	return [line(header), rule, ...body.map(line)].join('\n');
}
