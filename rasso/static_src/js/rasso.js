// Starts both design systems and our own small additions. Every page works without any of this.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink,
  createAll
} from './vendor/govuk-frontend.js';
// Only those parts of MOJ Frontend that never turn text into elements may stand here: Trusted Types refuse that.
import { AddAnother } from './vendor/moj-add-another.js';
import { startAddDirection } from './add_direction.js';
import { startAutosave } from './autosave.js';
import { startContinue } from './continue.js';
import { startCopyText } from './copy_text.js';
import { startDateButtons } from './date_buttons.js';
import { startPrintPage } from './print_page.js';
import { startPasskeys } from './passkeys.js';
import { startPrintTime } from './print_time.js';
import { startReveals } from './reveals.js';
import { startSessionNotice } from './session_notice.js';

const components = [
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink,
  AddAnother
];
components.forEach((component) => createAll(component));

startAddDirection();
startAutosave();
startContinue();
startCopyText();
startDateButtons();
startPrintPage();
startPasskeys();
startPrintTime();
startReveals();
startSessionNotice();
