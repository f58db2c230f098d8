/** The page of a ticket: prints it. */
import { byId } from "./controllers.js";

byId("ticket-print", HTMLButtonElement).addEventListener("click", () => window.print());
