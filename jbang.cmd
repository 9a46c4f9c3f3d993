@echo off
rem Runs JBang: the one on PATH, or else one that Maven fetches once from Maven Central. It wants JAVA_HOME to be a JDK 25.
setlocal EnableExtensions DisableDelayedExpansion
set "JBANG_OWN_VERSION=0.132.1"
set "SLUICE_ROOT=%~dp0"
rem A script cannot learn where it lies; those that start others ask for the clone.
for %%i in ("%~dp0.") do set "SLUICE_HOME=%%~fi"

for /f "delims=" %%j in ('where jbang.cmd jbang.exe 2^>nul') do (
  if /i not "%%~fj"=="%~f0" (
    call "%%~fj" %*
    exit /b
  )
)

set "SLUICE_JAVA=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "SLUICE_JAVA=%JAVA_HOME%\bin\java.exe"
set "SLUICE_JBANG=%LOCALAPPDATA%\sluice\jbang-%JBANG_OWN_VERSION%"
if exist "%SLUICE_JBANG%\complete" goto run
echo [jbang] fetching JBang %JBANG_OWN_VERSION%, 10 MB, once 1>&2
call mvn -q -B -f "%SLUICE_ROOT%tools\jbang\pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=%SLUICE_JBANG%\lib" 1>&2
if errorlevel 1 (
  echo [jbang] Maven could not fetch JBang; its message is above 1>&2
  exit /b 1
)
"%SLUICE_JAVA%" "%SLUICE_ROOT%tools\jbang\Checksums.java" "%SLUICE_JBANG%\lib" "%SLUICE_ROOT%tools\jbang\checksums.txt" 1>&2
if errorlevel 1 (
  rmdir /s /q "%SLUICE_JBANG%"
  echo [jbang] what Maven fetched is not the JBang that tools\jbang\checksums.txt pins, so it is not run; see above which file differs 1>&2
  exit /b 1
)
type nul > "%SLUICE_JBANG%\complete"

:run
set "JBANG_RUNTIME_SHELL=cmd"
set "JBANG_LAUNCH_CMD=%~f0"
set "SLUICE_ANSWER=%TEMP%\sluice-jbang-%RANDOM%%RANDOM%.cmd"
"%SLUICE_JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "%SLUICE_JBANG%\lib\*" dev.jbang.Main %* > "%SLUICE_ANSWER%"
set "SLUICE_CODE=%ERRORLEVEL%"
if "%SLUICE_CODE%"=="255" (
  call "%SLUICE_ANSWER%"
) else (
  type "%SLUICE_ANSWER%"
)
if "%SLUICE_CODE%"=="255" set "SLUICE_CODE=%ERRORLEVEL%"
del "%SLUICE_ANSWER%" 2>nul
exit /b %SLUICE_CODE%
