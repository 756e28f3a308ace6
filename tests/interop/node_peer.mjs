// The npm implementations behind one process: a JSON request per line in, a JSON answer per line out.
import { createInterface } from "node:readline";
import { Wallet as EthereumJsWallet } from "@ethereumjs/wallet";
import { HDKey } from "@scure/bip32";
import * as bip39 from "@scure/bip39";
import { wordlist as czech } from "@scure/bip39/wordlists/czech.js";
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as french } from "@scure/bip39/wordlists/french.js";
import { wordlist as italian } from "@scure/bip39/wordlists/italian.js";
import { wordlist as japanese } from "@scure/bip39/wordlists/japanese.js";
import { wordlist as korean } from "@scure/bip39/wordlists/korean.js";
import { wordlist as portuguese } from "@scure/bip39/wordlists/portuguese.js";
import { wordlist as simplified } from "@scure/bip39/wordlists/simplified-chinese.js";
import { wordlist as spanish } from "@scure/bip39/wordlists/spanish.js";
import { wordlist as traditional } from "@scure/bip39/wordlists/traditional-chinese.js";
import solana from "@solana/web3.js";
import * as ethers from "ethers";
import * as web3 from "web3-eth-accounts";

const scure = {
  "chinese-simplified": simplified, "chinese-traditional": traditional,
  czech, english, french, italian, japanese, korean, portuguese, spanish,
};
const ethersLists = {
  "chinese-simplified": "zh_cn", "chinese-traditional": "zh_tw", czech: "cz", english: "en", french: "fr",
  italian: "it", japanese: "ja", korean: "ko", portuguese: "pt", spanish: "es",
};
const ethersList = (language) => ethers.wordlists[ethersLists[language]];
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));

const operations = {
  // Phrases.
  newPhrase: ({ language, words }) => bip39.generateMnemonic(scure[language], (words / 3) * 32),
  validPhrase: ({ language, phrase }) => ({
    scure: bip39.validateMnemonic(phrase, scure[language]),
    ethers: ethers.Mnemonic.isValidMnemonic(phrase, ethersList(language)),
  }),
  seed: ({ phrase, passphrase }) => hex(bip39.mnemonicToSeedSync(phrase, passphrase)),

  // Keys.
  ethereum: ({ phrase, passphrase, language, paths }) => {
    const master = ethers.HDNodeWallet.fromPhrase(phrase, passphrase, "m", ethersList(language));
    return paths.map((path) => {
      const { address, privateKey, publicKey } = master.derivePath(path);
      return { path, address, private_key: privateKey, public_key: publicKey.slice(2) };
    });
  },
  bip32: ({ seed, paths }) => {
    const master = HDKey.fromMasterSeed(bytes(seed));
    return paths.map((path) => {
      const key = master.derive(path);
      return { path, private_key: hex(key.privateKey), public_key: hex(key.publicKey) };
    });
  },
  solanaKeypair: ({ secret }) => solana.Keypair.fromSecretKey(Uint8Array.from(secret)).publicKey.toBase58(),

  // Keystores.
  makeEthers: ({ key, password, n }) =>
    ethers.encryptKeystoreJsonSync(
      { address: ethers.computeAddress(key), privateKey: key }, password, n ? { scrypt: { N: n, r: 8, p: 1 } } : {}),
  openEthers: async ({ keystore, password }) =>
    (await ethers.Wallet.fromEncryptedJson(keystore, password)).privateKey,
  makeWeb3: async ({ key, password, ...options }) => JSON.stringify(await web3.encrypt(key, password, options)),
  openWeb3: async ({ keystore, password }) => (await web3.decrypt(keystore, password)).privateKey,
  makeEthereumJs: async ({ key, password, ...options }) =>
    JSON.stringify(await EthereumJsWallet.fromPrivateKey(bytes(key)).toV3(password, options)),
  openEthereumJs: async ({ keystore, password }) =>
    (await EthereumJsWallet.fromV3(keystore, password)).getPrivateKeyString(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, ...request } = JSON.parse(line);
  let answer;
  try {
    answer = { result: await operations[operation](request) };
  } catch (error) {
    answer = { error: `${operation}: ${error.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
