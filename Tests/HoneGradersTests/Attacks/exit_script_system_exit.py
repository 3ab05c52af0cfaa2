# exit_script_system_exit | format: script | SystemExit(0) while the module loads, before any assert | expect: wrong-answer, runtime-error | attempts: early-exit
raise SystemExit(0)
