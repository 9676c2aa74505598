import { type Browser, chromium as playwright } from 'playwright-core'
import { chromium, findProgram } from '../../scripts/system-packages.ts'

const flags = [
  '--no-sandbox', // as root there is none
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real browser. Where there is none the tests fail with the line that helps: a skipped journey proves nothing. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram(chromium)
  if (executablePath === null) {
    throw new Error(
      `chromium is missing: "apt-get install -y ${chromium.aptPackage}" (Debian) or "brew install ${chromium.brew}"`,
    )
  }
  return playwright.launch({ executablePath, args: flags })
}
