using Crm.Integration.EndToEnd.Tests.Program;

[assembly: AssemblyFixture(typeof(Quickstart))]
