/**
 * National numbers by calling code, if they are not simply what follows an optional trunk prefix 0.
 * The group is the part that E.164 keeps. Sources: the national numbering plans that ITU-T
 * publishes (E.129), compared with libphonenumber's metadata by `test/device/phoneNumber.test.ts`.
 */
const NATIONAL_NUMBERS: Readonly<Record<string, RegExp>> = {
	// The trunk prefix could also be a digit of the number: the number's length decides.
	1: /^1?([2-9]\d{9})$/,
	7: /^8?([3-9]\d{9})$/,
	36: /^(?:06)?([1-9]\d{7,8})$/,
	370: /^[08]?([1-9]\d{7})$/,
	375: /^(?:80)?([1-9]\d{8})$/,
	692: /^1?([2-9]\d{6})$/,
	993: /^8?([1-9]\d{7})$/,
	// A leading 0 belongs to the number.
	39: /^(\d{6,11})$/,
	225: /^(\d{10})$/,
	226: /^(\d{8})$/,
	229: /^(\d{10})$/,
	242: /^(\d{9})$/,
	378: /^(\d{6,10})$/,
	992: /^(\d{9})$/,
	241: /^0?(\d{8})$/,
	// The digits of a carrier, which do not belong to the number, may follow the trunk prefix.
	52: /^([1-9]\d{9})$/,
	55: /^0?([1-9]\d{9,10})$/,
	57: /^([1-9]\d{9})$/,
	591: /^0?([1-9]\d{7})$/,
	// A mobile number has a 15 in the middle at home, and a 9 in front in E.164; only the 9 is safe.
	54: /^0?(9\d{10})$/,
};

const BEHIND_OPTIONAL_ZERO = /^0?([1-9]\d*)$/;

/** Matches a national number of the calling code; its group is the part that E.164 keeps. */
export function nationalNumberOf(callingCode: string): RegExp {
	return NATIONAL_NUMBERS[callingCode] ?? BEHIND_OPTIONAL_ZERO;
}

/** An assigned calling code (ITU-T E.164, list of assigned country codes), then a number with a 0. */
export const ZERO_BEHIND_CALLING_CODE =
	/^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[035789]\d|9[679]\d)(0\d*)$/;
