import { expect, test } from '../support/program.ts';
import { register } from '../support/registry.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any state, ${colorScheme}`, async ({ program }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.expectNoAccessibilityViolation();

    register(':jar:M::PK\\x03\\x04::/opt/jexec:');
    await program.button('Register all').click();
    await expect(program.status).toContainText('Registered 31 targets');
    await program.header('aarch64').click();
    await program.expectNoAccessibilityViolation();

    await program.button('Actions for arm').click();
    await program.expectNoAccessibilityViolation();
    await program.page.keyboard.press('Escape');

    await program.button('Reset all').click();
    await program.expectNoAccessibilityViolation();
    await program.page.keyboard.press('Escape');

    await program.switchOf('binfmt_misc').click();
    await expect(program.page.getByRole('region', { name: 'binfmt_misc is switched off' })).toBeVisible();
    await program.expectNoAccessibilityViolation();
  });
}

for (const [width, zoom] of [
  [720, 1],
  [1240, 1],
  [1440, 2],
] as const) {
  test(`nothing is cut off or scrolls sideways at ${width} px and ${zoom * 100} %`, async ({ program }) => {
    await program.resize(width, 600);
    await program.app.evaluate(
      ({ BrowserWindow }, factor) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(factor),
      zoom,
    );
    await program.header('aarch64').click();
    const overflows = await program.page.evaluate(() =>
      ['html', '.header', '.app-list', '.inspector', '.footer'].filter((selector) => {
        const element = document.querySelector(selector);
        return element !== null && element.scrollWidth > element.clientWidth + 1;
      }),
    );
    expect(overflows).toEqual([]);
    for (const name of ['Register all', 'Reset all', 'Close details'])
      await expect(program.button(name)).toBeInViewport({ ratio: 1 });
    await expect(program.switchOf('alpha')).toBeInViewport({ ratio: 1 });
  });
}
