@echo off
rem A node of PSWebHost Cluster, or its command line, under the Node that comes with it.
setlocal
rem An administrator would leave compiled code in the folder of the program.
set NODE_DISABLE_COMPILE_CACHE=1
"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\out\main\headless.js" %*
