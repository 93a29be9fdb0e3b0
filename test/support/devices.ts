let block = 10;

/** Phone numbers of devices that get an answer; no other call in a test file returns them. */
export function devices(count: number): { phoneNumber: string }[] {
	block++;
	return Array.from({ length: count }, (_, index) => ({
		phoneNumber: `+3460${block}${String(index).padStart(4, '0')}${[1, 2, 3, 6][index % 4]}`,
	}));
}
