/** The page of a receipt for the paper: prints it. */
import { byId } from "./controllers.js";

byId("receipt-print", HTMLButtonElement).addEventListener("click", () => window.print());
