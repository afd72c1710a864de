/** A migration that databases have run is never edited: what they have would be another than what a new one gets. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrationNames } from '../../src/store/migrate.ts';

/** SHA-256 of the whole file: whoever adds a migration adds its line, and no line changes. */
const frozen: Readonly<Record<string, string>> = {
  '0001-requests': 'a82d3a4f18f9f53c272f8f8de97fbc6ff1989108ca2b487d8d3ea21e3e79df4c',
  '0002-outbox': '3ec60c36abfab61f693a5ff31c7c6416e3895b0eced53f9fe7f8704f282adec0',
  '0003-deliveries': '7ca9d5331caf9e844d9627b114bb2419cbe488f9df664bd054bfeaf8b90434aa',
  '0004-locks': 'b9a329d6292a417498fe1ff0535793ba7cddea4251dfbec489374b799d8fb7cb',
  '0005-drafts': '2a5f298210c17e02195516a05ef66399b37fe0d932bdf2faf4ce014675e626d3',
  '0006-watches': '387e1672134b3aba357f0d9ac851c6cf2f326bb067dccbf2d2e5d7e140bc6e33',
  '0007-glass': '72bcf7d5d11bac689a62c4a5334490d2a0a230dd32ff4d01eee2a200a0dfb910',
  '0008-refusals': '9fb337e375e76268d4f32433d0b79f24ad661def720bccf24e693a5f412a27ca',
  '0009-codes': '620700cd27ccf7788f448cd0295771e120f95aefdf4ceb92bec2e290a5cc3ea5',
  '0010-once': '47aa06f121a1d27d1fdbcfe465a0bc56050c9d237d91ef5548d32e13503c2000',
  '0011-delegations': '648e498cde6f65d902c08957b45426795ad02b4600d6fb42d88447813ba3b8df',
  '0012-audit': 'd71497bcb0843a06e8127b3447c21048a23f0ffde2111e25716a3d9b69174cab',
  '0013-leases': '742ab6da95eed747b581c34c0387f8a649307337eeb15ca93f51fefdd6383df5',
  '0014-long-histories': 'aa36cc7ff0e7c0452bfde4a30d467556ec4b31c9fb47d548e1a5d05e134cf97f',
  '0015-chat-lanes': '1153787bfea00f43bf733da7a9416d16993958606aba69d3659fc00707131c05',
  '0016-askers': '903e8f8dac3a9b22b8c449dcf06fd5e8a7991d606492b6e7057ae3074d9b0d47',
  '0017-stopped-watches': '7026822d66358a7110337da62ce6e308bfaa4ce71ac6f0f06502a901c56e3863',
  '0018-news': '9a61cf93f85dfe281a58650e12aa1854920f9d42ee66fe00d48cd54943723881',
  '0019-tell': 'b92fa3c95276d44cfe25804e866de2e193faab357fdcd90a9c66b90628c9a970',
  '0020-forms': '44c66db18809c33a977fd31605ffd349c6476028d3402c35b866c31141ca32b9',
  '0021-on-their-way': '5b8abbeb09e0f55d1ddc041a0cb6bf7e40242da5b978e2e7bf7e71f0d541b7f2',
  '0022-free-from': '0209fe41ea5a7103c24dc75f0360f13aa1c0c18944634f9f5bbdae98bc9d84bb',
  '0023-leased': 'e9e666367bc150cdc02e84cac3a9262942d02033fdc5c81f11b139e8fd397633',
  '0024-by-time': '4b84cec7b76748c01ec8f56692c62ca9a0894aca272c1f3ed55003e91706058c',
  '0025-kept-clicks': 'eed9358506895315dab5fa8a3ec1c7d9fabe50029ef7ff7fc9c54eeb01892c06',
};

test.each(migrationNames)('the migration %s is as it was released', (name) => {
  const text = readFileSync(new URL(`../../src/store/migrations/${name}.ts`, import.meta.url));
  const hash = createHash('sha256').update(text).digest('hex');
  expect(frozen, `A new migration: add '${name}': '${hash}' here.`).toHaveProperty([name]);
  expect(hash, `Databases have run ${name} as it was: write a new migration instead.`).toBe(frozen[name]);
});

test('no migration that was released is gone', () => {
  expect(migrationNames, 'Databases have run it, and would be taken for newer ones.').toEqual(
    expect.arrayContaining(Object.keys(frozen)),
  );
});
