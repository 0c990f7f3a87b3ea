"""The parameters of Jupyter's own test suite for kernels."""

import unittest

import jupyter_kernel_test


class Suite(jupyter_kernel_test.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oops");'
    completion_samples = [
        {"text": "Math.SinCo", "matches": ["SinCos"]},
        {"text": "Console.WriteL", "matches": ["WriteLine"]},
    ]
    complete_code_samples = ["1 + 1", "var a = 1;", "void F() { }", "// nothing", ""]
    incomplete_code_samples = ["void F() {", "var text = \"\"\"\n", "F(1,", "/* and so"]
    invalid_code_samples = ["}", "var 1a = 2;"]
    code_generate_error = 'throw new Exception("oops");'
    code_execute_result = [{"code": f"{i} + {i}", "result": f"{2 * i}"} for i in (1, 2, 3)]
    code_display_data = [
        {"code": "display(1);", "mime": "text/plain"},
        {"code": 'display(HTML("<b>1</b>"));', "mime": "text/html"},
        {"code": '"<svg xmlns=\'http://www.w3.org/2000/svg\'/>".DisplayAs("image/svg+xml");', "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1 ? 1"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.Sqrt"
    code_clear_output = 'display(1); clear_output();'


unittest.main()
