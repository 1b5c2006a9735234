using System.Reflection;
using System.Runtime.Loader;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace IrohRpc.Generators.Tests.Builds;

/// <summary>
/// One build of a contract, service and caller included: compiled with both generators and loaded beside others of the same name. The runtime below is
/// shared, the contract's types are not.
/// </summary>
internal sealed class ContractBuild : IDisposable
{
    private readonly AssemblyLoadContext _context;
    private readonly Type _program;

    private ContractBuild(AssemblyLoadContext context, Type program)
    {
        _context = context;
        _program = program;
    }

    private const string Header = "using System.Runtime.CompilerServices; using System.Runtime.InteropServices;\nnamespace Demo;\n";

    /// <summary>
    /// Compiles a build whose contract has one method, <c>Exchange</c>.
    /// </summary>
    /// <param name="declarations">The types that the method needs.</param>
    /// <param name="type">The type that the method takes and gives back.</param>
    /// <param name="value">What the caller sends: an expression.</param>
    /// <param name="library">How the contract's project refers to one of its own for the declarations; null where they stand beside the contract.</param>
    public static ContractBuild Of(string declarations, string type, string value, ReferenceKind? library = null)
    {
        CompiledProject? types = library is null ? null : CompiledProject.Of(Header + declarations);
        string contract = $$"""
            {{ContractProject.Usings}}{{Header}}

            {{(library is null ? declarations : "")}}

            [Alpn("exchange/1")]
            public partial interface IExchange
            {
                ValueTask<{{type}}> ExchangeAsync({{type}} value, CancellationToken cancellationToken = default);
            }

            public sealed class Exchange : IExchange
            {
                public string? Seen { get; private set; }

                public ValueTask<{{type}}> ExchangeAsync({{type}} value, CancellationToken cancellationToken)
                {
                    Seen = Program.Show(value);
                    return new(value);
                }
            }

            public static class Program
            {
                private static readonly Exchange Service = new();

                public static string? Seen => Service.Seen;

                public static RouterBuilder Map(RouterBuilder router) => router.Map<IExchange>(Service);

                public static async Task<string> CallAsync(PeerEndpoint endpoint, EndpointTicket peer, CancellationToken cancellationToken)
                {
                    await using PeerClient<IExchange> client = await endpoint.ConnectAsync<IExchange>(peer, cancellationToken: cancellationToken);
                    return Show(await client.Service.ExchangeAsync({{value}}, cancellationToken));
                }

                public static string Show(object? value) => value switch
                {
                    string text => text,
                    System.Collections.IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Show)) + "]",
                    _ => value?.ToString() ?? "null",
                };
            }
            """;
        CSharpCompilation sources = ContractProject.Compile(contract);
        ContractProject project = ContractProject.Of(types is null ? sources : sources.AddReferences(types.ReferTo(library!.Value)));
        using var image = new MemoryStream();
        EmitResult result = project.Compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        var context = new AssemblyLoadContext("build", isCollectible: true);
        if (types is not null)
        {
            using var typesImage = new MemoryStream([.. types.Image]);
            context.LoadFromStream(typesImage);
        }

        return new ContractBuild(context, context.LoadFromStream(image).GetType("Demo.Program", throwOnError: true)!);
    }

    /// <summary>What the service was called with, as text; null where it was not.</summary>
    public string? Seen => (string?)_program.GetProperty(nameof(Seen))!.GetValue(null);

    public RouterBuilder Map(RouterBuilder router) => Method<Func<RouterBuilder, RouterBuilder>>("Map")(router);

    /// <summary>Calls a peer with this build's value; the answer comes as text.</summary>
    public Task<string> CallAsync(PeerEndpoint endpoint, EndpointTicket peer)
        => Method<Func<PeerEndpoint, EndpointTicket, CancellationToken, Task<string>>>("CallAsync")(endpoint, peer, TestContext.Current.CancellationToken);

    public void Dispose() => _context.Unload();

    private T Method<T>(string name)
        where T : Delegate
        => _program.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<T>();
}
