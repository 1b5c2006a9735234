using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Tests.Pages;

/// <summary>
/// What a reader of docs/contracts.md has in the project after the first so many blocks: what is said once holds from there on, and what is said
/// again replaces what was said.
/// </summary>
/// <remarks>
/// Types stand as they are. Methods without a body are of the page's contract, <c>ILibrary</c>. Other statements stand in an async method of the
/// reader's program, which has what the page's text speaks of: an endpoint, a ticket, a service.
/// </remarks>
internal sealed class ContractsPage
{
    private const string Contract = "ILibrary";

    private readonly List<string> _usings = [];
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, MethodDeclarationSyntax> _methods = [];
    private string _contractAttributes = "";
    private string _statements = "";

    /// <summary>Reads one block more.</summary>
    public void Add(string block)
    {
        CompilationUnitSyntax unit = SyntaxFactory.ParseCompilationUnit(block);
        _usings.AddRange(unit.Usings.Select(directive => directive.ToString()));
        _statements = "";
        foreach (MemberDeclarationSyntax member in unit.Members)
        {
            switch (member)
            {
                case InterfaceDeclarationSyntax { Identifier.Text: Contract } contract:
                    _contractAttributes = contract.AttributeLists.ToFullString();
                    foreach (MethodDeclarationSyntax method in contract.Members.Cast<MethodDeclarationSyntax>())
                    {
                        _methods[method.Identifier.Text] = method;
                    }

                    break;
                case BaseTypeDeclarationSyntax type:
                    _types[type.Identifier.Text] = type.ToString();
                    break;
                case GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax { Body: null, ExpressionBody: null } function }:
                    _methods[function.Identifier.Text] = (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(function.ToString())!;
                    break;
                default:
                    _statements += member.ToFullString();
                    break;
            }
        }
    }

    /// <summary>The reader's project.</summary>
    public string[] Sources() =>
    [
        ConsoleUsings,
        $$"""
        {{string.Join('\n', _usings.Distinct())}}

        {{string.Join("\n\n", _types.Values)}}

        {{_contractAttributes}}public partial interface {{Contract}}
        {
        {{string.Join('\n', _methods.Values)}}
        }

        public class Library : {{Contract}}
        {
        {{string.Join('\n', _methods.Values.Select(Implementation))}}
        }

        public class Desk(EndpointId reader) : Library
        {
            public EndpointId Reader => reader;
        }

        public class LibraryPool
        {
            public Library Rent() => new();
            public ValueTask ReturnAsync({{Contract}} library) => default;
        }

        public static class Reader
        {
            private static PeerEndpoint endpoint => null!;
            private static EndpointTicket ticket => null!;
            private static {{Contract}} library => null!;
            private static LibraryPool pool => null!;
            private static CallContext? context => null;
            private static DateOnly dueBack => default;

            public static async Task RunAsync()
            {
                await Task.CompletedTask;
        {{_statements}}
            }
        }
        """,
    ];

    /// <summary>What a console project with implicit usings has.</summary>
    public const string ConsoleUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static string Implementation(MethodDeclarationSyntax method)
        => "public " + method.WithAttributeLists(default).WithSemicolonToken(default).WithoutTrivia() + " => throw new NotSupportedException();";
}
