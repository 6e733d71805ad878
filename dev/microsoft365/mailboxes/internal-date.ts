const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as IMAP writes it (`date-time` of RFC 3501 section 9), in UTC. */
export function toInternalDate(time: Date): string {
  const iso = time.toISOString();
  const month = months[time.getUTCMonth()] ?? '';
  return `${iso.slice(8, 10)}-${month}-${iso.slice(0, 4)} ${iso.slice(11, 19)} +0000`;
}

/** The time an IMAP `date-time` says. */
export function fromInternalDate(text: string): Date {
  const [day = '', month = '', rest = ''] = text.trim().split('-', 3);
  const zone = text.slice(-5);
  const [year = '', clock = ''] = rest.split(' ');
  const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0');
  return new Date(`${year}-${monthNumber}-${day.trim().padStart(2, '0')}T${clock}${zone.slice(0, 3)}:${zone.slice(3)}`);
}
