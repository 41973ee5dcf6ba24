import "./accounts.js";
