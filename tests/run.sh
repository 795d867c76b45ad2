#!/usr/bin/env bash
# Builds everything and passes all the tests. Needs the .NET 10 SDK and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build Crm.Integration.sln -c Release -nologo -v quiet
dotnet test Crm.Integration.sln -c Release --no-build --nologo
