using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Every mistake in a contract that is found at compile time. Each has a page under docs/diagnostics.</summary>
internal static class ContractDiagnostics
{
    /// <summary>The property of <see cref="NotSerializable"/> that holds the documentation id of a type which could be annotated.</summary>
    public const string TypeProperty = "Type";

    /// <summary>The property of <see cref="SameWireName"/> that holds a wire name which is free.</summary>
    public const string WireNameProperty = "WireName";

    public static readonly DiagnosticDescriptor MustBePartial = Error(
        "IROHRPC001",
        "A contract must be partial",
        "'{0}' must be partial, so that the generated half can make '{1}' a contract");

    public static readonly DiagnosticDescriptor MalformedAlpn = Error(
        "IROHRPC002",
        "An ALPN is malformed",
        "The ALPN \"{0}\" of '{1}' {2}");

    public static readonly DiagnosticDescriptor DuplicateAlpn = Error(
        "IROHRPC003",
        "An ALPN is given twice",
        "The ALPN \"{0}\" is already that of '{1}'; one ALPN is one version of one contract");

    public static readonly DiagnosticDescriptor GenericContract = Error(
        "IROHRPC004",
        "A contract cannot be generic",
        "'{0}' has type parameters or is nested in a type that has: a contract is one fixed set of methods");

    public static readonly DiagnosticDescriptor GenericMethod = Error(
        "IROHRPC005",
        "A remote method cannot be generic",
        "'{0}' has type parameters: the peer could not know which types to expect");

    public static readonly DiagnosticDescriptor NotAMethod = Error(
        "IROHRPC006",
        "A contract has methods only",
        "'{0}' is {1}: calls to a peer take time and can fail, so a contract has instance methods only");

    public static readonly DiagnosticDescriptor ByReference = Error(
        "IROHRPC007",
        "A parameter cannot be passed by reference",
        "Parameter '{0}' of '{1}' is '{2}': a peer cannot share a variable; return the value instead");

    public static readonly DiagnosticDescriptor UnsupportedReturn = Error(
        "IROHRPC008",
        "A return type is not supported",
        "'{0}' returns '{1}'; {2}");

    public static readonly DiagnosticDescriptor NotSerializable = Error(
        "IROHRPC009",
        "MemoryPack cannot serialize a type",
        "MemoryPack cannot serialize '{0}'{1}, so '{2}' cannot send it; {3}");

    public static readonly DiagnosticDescriptor SameWireName = Error(
        "IROHRPC010",
        "Two methods have one name on the wire",
        "'{0}' has the wire name \"{1}\", which is already that of '{2}'; {3}");

    public static readonly DiagnosticDescriptor CancellationNotLast = Error(
        "IROHRPC011",
        "The cancellation token comes last",
        "'{0}' has a cancellation token that is not its last parameter");

    public static readonly DiagnosticDescriptor SeveralRawStreams = Error(
        "IROHRPC012",
        "A call has one raw stream of each direction",
        "'{0}' has more than one {1}; a call carries one of each direction");

    public static readonly DiagnosticDescriptor SeveralOfAKind = Error(
        "IROHRPC013",
        "A parameter can be given once only",
        "'{0}' has more than one {1}");

    public static readonly DiagnosticDescriptor OneWayWithAnswer = Error(
        "IROHRPC014",
        "A one-way method hears nothing back",
        "'{0}' is one-way, yet {1} needs something to come back; return Task or ValueTask");

    public static readonly DiagnosticDescriptor UnknownSince = Error(
        "IROHRPC015",
        "[Since] names an ALPN that the contract does not have",
        "[Since(\"{0}\")] on '{1}': '{2}' has no such ALPN; it has {3}");

    public static readonly DiagnosticDescriptor NotReachable = Error(
        "IROHRPC016",
        "Generated code must be able to name a contract and its methods",
        "'{0}' is {1}, so that code generated beside it cannot name it");

    public static readonly DiagnosticDescriptor MalformedWireName = Error(
        "IROHRPC017",
        "A wire name is malformed",
        "The wire name of '{0}' {1}");

    public static readonly DiagnosticDescriptor MalformedLimit = Error(
        "IROHRPC018",
        "A message limit is out of range",
        "[MessageLimit({0})] on '{1}': the limit is at least 1 byte");

    public static readonly DiagnosticDescriptor SameFault = Error(
        "IROHRPC019",
        "A fault is declared twice",
        "'{0}' declares the fault '{1}' twice, or two faults that are alike on the wire");

    public static readonly DiagnosticDescriptor NullableStream = Error(
        "IROHRPC020",
        "A stream cannot be null",
        "{0} of '{1}' is a nullable stream: a peer could not tell none from an empty one");

    public static readonly DiagnosticDescriptor StreamInsideValue = Error(
        "IROHRPC021",
        "A stream, a progress or a contract stands by itself",
        "'{0}' stands inside '{1}': streams, progress and contracts travel beside the values, as parameters or as the result");

    public static readonly DiagnosticDescriptor OlderFirst = Warning(
        "IROHRPC022",
        "The newest ALPN comes first",
        "'{0}' lists \"{1}\" before \"{2}\": the order says which version peers prefer, and what [Since] takes for older");

    public static readonly DiagnosticDescriptor IdempotentInVain = Warning(
        "IROHRPC023",
        "[Idempotent] has no effect",
        "[Idempotent] on '{0}' has no effect: {1}");

    public static readonly DiagnosticDescriptor AttributeInVain = Warning(
        "IROHRPC024",
        "An attribute is for methods that peers call",
        "[{0}] on '{1}' has no effect: {2}");

    public static readonly DiagnosticDescriptor OneWayWithStream = Error(
        "IROHRPC025",
        "A one-way method takes no streams",
        "'{0}' is one-way, so that its handler has ended before it could read parameter '{1}'; return Task or ValueTask");

    public static readonly DiagnosticDescriptor AsyncVoidHandler = Warning(
        "IROHRPC026",
        "A handler should not be async void",
        "'{0}' is async void: an exception in it would end the whole process; let '{1}' return Task or ValueTask, or see to exceptions elsewhere");

    public static readonly DiagnosticDescriptor MachineSized = Error(
        "IROHRPC027",
        "A type has another size on another machine",
        "'{0}'{1} is as large as the machine's registers, so '{2}' cannot send it; {3}");

    public static readonly DiagnosticDescriptor MembersUnseen = Error(
        "IROHRPC028",
        "A compiled type does not show all that it sends",
        "'{0}'{1} is compiled in '{2}', which shows other projects neither its private members nor their order, so '{3}' cannot send it; "
        + "add IrohRpc to that project, which then records them");

    public static readonly DiagnosticDescriptor LanguageTooOld = Error(
        "IROHRPC029",
        "Contracts need C# 12",
        "'{0}' is compiled as C# {1}, and what is generated for a contract needs C# 12: take LangVersion out of the project file, or raise it");

    public static readonly DiagnosticDescriptor ContractNotGenerated = Error(
        "IROHRPC040",
        "A contract of another project was not generated",
        "'{0}' is compiled in '{1}', where IrohRpc's generator did not run, so '{2}' cannot pass it; refer to IrohRpc in that project");

    public static readonly DiagnosticDescriptor Unfinished = Error(
        "IROHRPC041",
        "A contract names what another generator makes",
        "'{0}' names something that does not exist until another generator has run, which generators cannot see of each other: declare it in source");

    public static readonly DiagnosticDescriptor CannotBeNamed = Error(
        "IROHRPC053",
        "A type within a value cannot be named",
        "'{0}', which '{1}' contains, cannot be named by the code that checks what arrives for '{2}'; make it internal where '{3}' is declared, or public elsewhere");

    public static readonly DiagnosticDescriptor OverlappingFields = Error(
        "IROHRPC054",
        "A field that not every byte is right for overlaps another",
        "In '{0}', '{1}' shares its bytes with '{2}', so that nobody can tell whether what arrives for '{3}' is a value of it: let the fields of '{0}' stand apart");

    public static readonly DiagnosticDescriptor MissingCancellation = new(
        "IROHRPC050",
        "A remote method should take a cancellation token",
        "'{0}' takes no cancellation token, so that a caller cannot give the call up",
        "IrohRpc",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLink("IROHRPC050"));

    private static DiagnosticDescriptor Warning(string id, string title, string message)
        => new(id, title, message, "IrohRpc", DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static DiagnosticDescriptor Error(string id, string title, string message)
        => new(id, title, message, "IrohRpc", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static string HelpLink(string id) => HelpLinks.For(id);
}
